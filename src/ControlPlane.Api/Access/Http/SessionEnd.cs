using ControlPlane.Api.Access.Sessions;

namespace ControlPlane.Api.Access.Http;

/// <summary>Cuts off what is still being sent to a session that ends.</summary>
internal sealed class SessionEnd : IDisposable
{
    private readonly CancellationTokenSource _done;

    public SessionEnd(string session, SessionRegistry sessions, Action cut, CancellationToken cancellationToken)
    {
        _done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = FollowAsync(session, sessions, cut, _done.Token);
    }

    public void Dispose() => _done.Cancel(); // the follower holds no more than this until it wakes

    private static async Task FollowAsync(string session, SessionRegistry sessions, Action cut, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var changed in sessions.Changes.ReadAsync(TimeSpan.Zero, TimeProvider.System, cancellationToken))
            {
                if (changed.Contains(session) && sessions.Current(session) is null)
                {
                    cut();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was being sent is over.
        }
    }
}
