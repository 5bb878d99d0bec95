using Microsoft.Extensions.Hosting;

namespace LocalCluster.NodeAgent;

/// <summary>Leaves the signals of the process to the process: a server inside the agent ends when the agent ends it.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
