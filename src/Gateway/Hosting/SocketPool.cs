using System.Net.Sockets;
using Gateway.Forwarding;
using Gateway.Hosting.ClearText;
using Gateway.Planning;
using Gateway.Resources;
using Gateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>
/// The sockets that the snapshot asks for, each a server of its own, so that one that can't be opened never stops the others. A socket that is
/// no longer asked for takes no new connection, and the requests that are under way end.
/// </summary>
internal sealed partial class SocketPool(
    RoutingTable routing, RequestHandler handler, TimeSpan drainTimeout, TimeSpan patience, TimeProvider time, ILoggerFactory loggers, ILogger<SocketPool> logger) : ISocketStates, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SocketKey, OpenSocket> _open = [];
    private readonly Dictionary<SocketKey, Problem> _problems = [];
    private readonly List<Task> _closing = [];

    /// <inheritdoc/>
    public Problem? ProblemOf(SocketKey key)
    {
        lock (_gate)
        {
            return _open.ContainsKey(key) ? null : _problems.GetValueOrDefault(key) ?? new(GatewayConditions.Pending, $"{key} is not open yet");
        }
    }

    /// <summary>Opens and closes sockets until they are those of the snapshot.</summary>
    /// <returns>True when all of them are open.</returns>
    public async Task<bool> FollowAsync(RoutingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var wanted = snapshot.Sockets.ToDictionary(socket => socket.Key, socket => socket.IsTls);
        foreach (var socket in Superfluous(wanted))
        {
            Close(socket);
        }

        foreach (var (key, isTls) in wanted.Where(socket => !IsOpen(socket.Key)))
        {
            await OpenAsync(key, isTls, cancellationToken);
        }

        lock (_gate)
        {
            _closing.RemoveAll(task => task.IsCompleted);
            return _open.Count == wanted.Count;
        }
    }

    /// <summary>Closes all of them, and waits for what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var socket in Superfluous([]))
        {
            Close(socket);
        }

        await Task.WhenAll(_closing);
    }

    private List<OpenSocket> Superfluous(Dictionary<SocketKey, bool> wanted)
    {
        lock (_gate)
        {
            foreach (var key in _problems.Keys.Where(key => !wanted.ContainsKey(key)).ToList())
            {
                _problems.Remove(key);
            }

            return [.. _open.Values.Where(socket => !wanted.TryGetValue(socket.Key, out var isTls) || isTls != socket.IsTls)];
        }
    }

    private bool IsOpen(SocketKey key)
    {
        lock (_gate)
        {
            return _open.ContainsKey(key);
        }
    }

    private async Task OpenAsync(SocketKey key, bool isTls, CancellationToken cancellationToken)
    {
        var server = Build(key, isTls);
        try
        {
            await server.StartAsync(cancellationToken);
            lock (_gate)
            {
                _open[key] = new(key, isTls, server);
                _problems.Remove(key);
            }

            LogOpened(key, isTls ? "HTTPS" : "HTTP");
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            var problem = new Problem(GatewayConditions.AddressNotUsable, $"{key} can't be listened on: {e.Message}");
            bool isKnown;
            lock (_gate)
            {
                isKnown = _problems.GetValueOrDefault(key) == problem;
                _problems[key] = problem;
            }

            if (!isKnown) // it is tried again and again, and told once
            {
                LogUnusable(key, e.Message);
            }
        }
    }

    private void Close(OpenSocket socket)
    {
        lock (_gate)
        {
            _open.Remove(socket.Key);
            _closing.Add(StopAsync(socket.Server));
        }

        LogClosed(socket.Key);
    }

    private static async Task StopAsync(WebApplication server)
    {
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
    }

    private WebApplication Build(SocketKey key, bool isTls)
    {
        var http2 = new Http2Connections();
        return DetachedServer.Build(
            loggers,
            drainTimeout,
            patience,
            kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = null; // a matter of policies
                if (isTls)
                {
                    kestrel.Listen(key.Address, key.Port, listen => ServeTls(listen, key));
                }
                else
                {
                    kestrel.Listen(key.Address, key.Port, listen => ServeClearText(listen, http2));
                    kestrel.Listen(http2.EndPoint, static listen => listen.Protocols = HttpProtocols.Http2);
                }
            },
            context => handler.HandleAsync(key, context),
            services => services.AddSingleton<IConnectionListenerFactory>(http2));
    }

    private void ServeClearText(ListenOptions listen, Http2Connections http2)
    {
        listen.Protocols = HttpProtocols.Http1;
        var keepAlive = listen.KestrelServerOptions.Limits.KeepAliveTimeout;
        listen.Use(http1 => connection => http2.ServeAsync(connection, http1, keepAlive, time));
    }

    private void ServeTls(ListenOptions listen, SocketKey key)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            // Looked up for every handshake: certificates are replaced without a new socket.
            OnConnection = connection => routing.Current.Find(key)?.CertificateFor(connection.ClientHelloInfo.ServerName) is { } certificate
                ? new(new System.Net.Security.SslServerAuthenticationOptions { ServerCertificateContext = certificate })
                : throw new ConnectionAbortedException("no certificate for the name that the client asks for"),
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The gateway listens on {Socket} ({Protocol})")]
    private partial void LogOpened(SocketKey socket, string protocol);

    [LoggerMessage(Level = LogLevel.Information, Message = "The gateway no longer listens on {Socket}")]
    private partial void LogClosed(SocketKey socket);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway can't listen on {Socket}, and will try again. {Problem}")]
    private partial void LogUnusable(SocketKey socket, string problem);

    private sealed record OpenSocket(SocketKey Key, bool IsTls, WebApplication Server);
}
