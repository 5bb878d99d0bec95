namespace LocalCluster.Lifecycle;

/// <summary>Runs the parts of the cluster that work by themselves.</summary>
/// <param name="parts">The parts.</param>
internal sealed class LifecycleHost(IEnumerable<ILifecycle> parts) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Lets them begin.</summary>
    public void Start() => _running = Task.WhenAll(parts.Select(p => p.RunAsync(_stopping.Token)));

    /// <summary>Ends them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }
}
