using ControlPlane.Kubernetes.Caching;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Kubernetes.Hosting;

/// <summary>Runs every informer of the process, whoever reads them.</summary>
public sealed class InformerHost(IEnumerable<IInformer> informers) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Together.RunAsync(informers.Select<IInformer, Func<CancellationToken, Task>>(informer => informer.RunAsync), stoppingToken);
}
