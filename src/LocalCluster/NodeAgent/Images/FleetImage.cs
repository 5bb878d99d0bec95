using Fleet;
using Microsoft.AspNetCore.Builder;

namespace LocalCluster.NodeAgent.Images;

/// <summary>A service of samples/Fleet.</summary>
/// <param name="service">The service.</param>
/// <param name="version">Its version.</param>
/// <param name="stores">What its instances share.</param>
/// <param name="time">Its clock.</param>
internal sealed class FleetImage(FleetService service, string version, FleetStores stores, TimeProvider time) : IContainerImage
{
    /// <inheritdoc/>
    public async Task<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        var metadata = setup.Pod.Metadata;
        var app = FleetHost.Build(service, new FleetInstance
        {
            Name = metadata.Name,
            Namespace = metadata.Namespace,
            Node = setup.Pod.Spec.NodeName,
            Zone = setup.Zone,
            Version = version,
            Environment = setup.Environment,
            Listen = setup.Listen,
            Log = setup.Log,
            OutboundHandler = setup.Outbound,
            Stores = stores,
            Time = time,
        });
        try
        {
            await app.StartAsync(cancellationToken);
            return new Host(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private sealed class Host : IRunningContainer
    {
        private readonly WebApplication _app;
        private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Host(WebApplication app)
        {
            _app = app;
            app.Lifetime.ApplicationStopped.Register(() => _exited.TrySetResult(0));
        }

        public Task<int> Exited => _exited.Task;

        public Task StopAsync(CancellationToken kill) => _app.StopAsync(kill);

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();
    }
}
