using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Security;

namespace Gateway.Routing;

/// <summary>An address and port on which the gateway listens.</summary>
internal readonly record struct SocketKey(IPAddress Address, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(Address, Port)}");
}

/// <summary>Where every request goes, at one moment. Immutable: a request keeps the one that it began with.</summary>
internal sealed class RoutingSnapshot(IEnumerable<SocketRoutes> sockets)
{
    private readonly FrozenDictionary<SocketKey, SocketRoutes> _sockets = sockets.ToFrozenDictionary(socket => socket.Key);

    public static RoutingSnapshot Empty { get; } = new([]);

    public IReadOnlyCollection<SocketRoutes> Sockets => _sockets.Values;

    public SocketRoutes? Find(SocketKey key) => _sockets.GetValueOrDefault(key);
}

/// <summary>The listeners that share a socket.</summary>
internal sealed class SocketRoutes
{
    private readonly ListenerRoutes[] _listeners;
    private readonly (string? Hostname, SslStreamCertificateContext Certificate)[] _certificates;

    /// <param name="key">Address and port.</param>
    /// <param name="listeners">Its listeners, in any order; no two have the same host name.</param>
    /// <param name="certificates">Certificates by the host names of their listeners; none where it speaks plain HTTP.</param>
    public SocketRoutes(SocketKey key, IEnumerable<ListenerRoutes> listeners, IEnumerable<(string? Hostname, SslStreamCertificateContext Certificate)> certificates)
    {
        Key = key;
        var specificFirst = Comparer<string?>.Create(Hostname.CompareSpecificity);
        _listeners = [.. listeners.OrderBy(listener => listener.Hostname, specificFirst)];
        _certificates = [.. certificates.OrderBy(entry => entry.Hostname, specificFirst)];
    }

    public SocketKey Key { get; }

    public bool IsTls => _certificates.Length > 0;

    public IReadOnlyList<ListenerRoutes> Listeners => _listeners;

    /// <summary>The listener of a host; null for none.</summary>
    public ListenerRoutes? Find(string host)
    {
        foreach (var listener in _listeners)
        {
            if (Hostname.Covers(listener.Hostname, host))
            {
                return listener;
            }
        }

        return null;
    }

    /// <summary>The certificate for the name that a client asks for; null for none, which ends the handshake.</summary>
    public SslStreamCertificateContext? CertificateFor(string serverName)
    {
        var host = Hostname.OfHostHeader(serverName);
        foreach (var (hostname, certificate) in _certificates)
        {
            if (Hostname.Covers(hostname, host))
            {
                return certificate;
            }
        }

        return null;
    }
}
