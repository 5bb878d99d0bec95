using LocalCluster;

namespace ControlPlane.Web.Startup;

/// <summary>The Kubernetes API of this process. It is made before it is started: the program is put together while nothing listens yet.</summary>
internal sealed class EmbeddedCluster(HostSettings settings, ILoggerFactory loggers) : IAsyncDisposable
{
    private LocalClusterServer? _server;

    /// <summary>Takes what the API says of answered writes.</summary>
    public EmbeddedAudit Audit { get; } = new();

    /// <summary>Where the API is, once it was started.</summary>
    public Uri Address => _server?.Address ?? throw new InvalidOperationException("The embedded cluster has not started.");

    /// <summary>Starts the API.</summary>
    /// <exception cref="LocalClusterException">The state can't be read or the port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new LocalClusterOptions { DataDirectory = settings.DataDirectory, Port = settings.ClusterPort, Audit = Audit.Add };
        _server = await LocalClusterServer.StartAsync(options, loggers: loggers, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
