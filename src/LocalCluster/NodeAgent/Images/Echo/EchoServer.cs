using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
    public static async Task<EchoServer> StartAsync(TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var connections = new SharedConnections(loggers);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(connections.Http1.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(connections.Http2.EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DetachedLifetime>());
        builder.Services.AddSingleton<IConnectionListenerFactory>(connections);
        var host = builder.Build();
        host.UseWebSockets();
        host.Run(new EchoResponder(time).AnswerAsync);
        await host.StartAsync(cancellationToken);
        return new EchoServer(host, connections);
    }

    /// <summary>Lets an echo service listen.</summary>
    /// <param name="instance">The service.</param>
    /// <param name="http1">Where it speaks HTTP/1.1.</param>
    /// <param name="http2">Where it speaks HTTP/2.</param>
    /// <exception cref="IOException">An address is taken.</exception>
    public IRunningContainer Listen(EchoInstance instance, IReadOnlyList<IPEndPoint> http1, IReadOnlyList<IPEndPoint> http2) =>
        _connections.Listen(instance, http1, http2);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _connections.Dispose();
    }
}
