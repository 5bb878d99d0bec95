using System.Net.Sockets;

namespace LocalCluster.NodeAgent.Network;

/// <summary>
/// Sends a pod's requests to Services straight to a pod, another one for each request; all others go out as they are.
/// </summary>
internal sealed class ClusterNameHandler : HttpMessageHandler
{
    private readonly ClusterResolver _resolver;
    private readonly string _ownNamespace;
    private readonly HttpMessageInvoker _connections;

    /// <param name="resolver">Finds pods.</param>
    /// <param name="ownNamespace">Namespace of the pod that calls.</param>
    /// <param name="connections">The pod's own; ends with this.</param>
    public ClusterNameHandler(ClusterResolver resolver, string ownNamespace, HttpMessageHandler connections)
    {
        _resolver = resolver;
        _ownNamespace = ownNamespace;
        _connections = new HttpMessageInvoker(connections);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 } uri && Resolve(uri) is { } target)
        {
            request.Headers.Host ??= uri.Authority;
            request.RequestUri = target;
        }

        return _connections.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _connections.Dispose();
        }

        base.Dispose(disposing);
    }

    private Uri? Resolve(Uri uri)
    {
        try
        {
            return _resolver.Resolve(uri.Host, uri.Port, _ownNamespace) is { } pod
                ? new UriBuilder(uri) { Host = pod.Address.ToString(), Port = pod.Port }.Uri
                : null;
        }
        catch (SocketException e)
        {
            var error = e.SocketErrorCode == SocketError.HostNotFound ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError;
            throw new HttpRequestException(error, $"{e.Message} ({uri.Authority})", e);
        }
    }
}
