using Microsoft.Extensions.Hosting;

namespace Gateway.Hosting;

/// <summary>A server that starts and ends when the gateway says so, and not by signals to the process.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
