using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>
/// The connections to instances. They are pooled by instance, whichever route or service leads there; services with a ceiling of connections
/// have pools of their own, one for each ceiling that there is.
/// </summary>
internal sealed class BackendClients : IDisposable
{
    private readonly ConcurrentDictionary<int, Lazy<HttpMessageInvoker>> _byCeiling = [];

    /// <summary>Sends to instances with at most so many connections to each.</summary>
    public HttpMessageInvoker For(int? maxConnections) =>
        _byCeiling.GetOrAdd(maxConnections ?? int.MaxValue, static ceiling => new(() => Create(ceiling))).Value;

    public void Dispose()
    {
        foreach (var client in _byCeiling.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private static HttpMessageInvoker Create(int maxConnections) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = maxConnections,
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current), // one trace header, not the caller's and ours
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), // instances come and go
        },
        disposeHandler: true);
}
