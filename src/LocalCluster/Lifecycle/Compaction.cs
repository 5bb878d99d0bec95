using LocalCluster.Storage;

namespace LocalCluster.Lifecycle;

/// <summary>Forgets what happened more than a few minutes ago: a list or watch can go back three minutes at least and six at most.</summary>
/// <param name="store">Whose history is forgotten.</param>
/// <param name="clock">Time.</param>
internal sealed class Compaction(ObjectStore store, TimeProvider clock) : ILifecycle
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await store.CompactAsync();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
