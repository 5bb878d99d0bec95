namespace Fleet.Hosting;

/// <summary>
/// An instance starts and stops when its owner says so. The default lifetime would listen to the process's signals, which belong to the
/// process and not to one of the many instances in it.
/// </summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
