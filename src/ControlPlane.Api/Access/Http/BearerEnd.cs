using System.Data.Common;
using ControlPlane.Kubernetes.Client;

namespace ControlPlane.Api.Access.Http;

/// <summary>
/// Cuts off what is still being sent to a bearer token that is no longer good: at once when it was revoked here, else within <see cref="Again"/>, be it
/// that another replica revoked it or that it expired. Meanwhile it knows what the token may now.
/// </summary>
internal sealed class BearerEnd : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _done;
    private volatile Caller _current;

    public BearerEnd(string token, Caller caller, BearerTokens tokens, TimeProvider time, Action cut, CancellationToken cancellationToken)
    {
        _current = caller;
        _done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = FollowAsync(token, tokens, time, cut, _done.Token);
    }

    /// <summary>The caller, with what the token gives now.</summary>
    public Caller Current => _current;

    public void Dispose() => _done.Cancel(); // the follower holds no more than this until it wakes

    private async Task FollowAsync(string token, BearerTokens tokens, TimeProvider time, Action cut, CancellationToken cancellationToken)
    {
        try
        {
            var forgotten = tokens.Forgotten;
            while (await IsGoodAsync(token, tokens, cancellationToken))
            {
                await Task.WhenAny(forgotten, Task.Delay(Again, time, cancellationToken));
                forgotten = tokens.Forgotten; // before the next look: a token that is revoked during it is looked at once more
            }

            cut();
        }
        catch (OperationCanceledException)
        {
            // What was being sent is over.
        }
    }

    private async Task<bool> IsGoodAsync(string token, BearerTokens tokens, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((await tokens.FindAsync(token, cancellationToken)).Caller is not { } now)
            {
                return false;
            }

            _current = now with { Via = _current.Via, CorrelationId = _current.CorrelationId };
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or KubeApiException or TimeoutException or DbException)
        {
            return true; // nobody can be asked just now: it is asked again
        }
    }
}
