using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>
/// One HTTP server for all echo services: hundreds of servers would cost a thread and a megabyte each. What a service has of its own are its
/// sockets; a connection carries along whose it is.
/// </summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly SharedConnections _connections;

    private EchoServer(WebApplication host, SharedConnections connections)
    {
        _host = host;
        _connections = connections;
    }

    /// <summary>Starts the server; it listens nowhere yet.</summary>
    public static async Task<EchoServer> StartAsync(ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var connections = new SharedConnections(loggers);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(SharedConnections.Inside);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DetachedLifetime>());
        builder.Services.AddSingleton<IConnectionListenerFactory>(connections);
        var host = builder.Build();
        host.Run(EchoResponder.AnswerAsync);
        await host.StartAsync(cancellationToken);
        return new EchoServer(host, connections);
    }

    /// <summary>Lets an echo service listen.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public IRunningContainer Listen(EchoInstance instance, IReadOnlyList<IPEndPoint> endpoints) => _connections.Listen(instance, endpoints);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
    }
}
