using Microsoft.AspNetCore.Http;

namespace Gateway.Routing;

/// <summary>Names a listener of a Gateway.</summary>
internal sealed record ListenerId(ControlPlane.Kubernetes.Resources.ObjectKey Gateway, string Name);

/// <summary>The routes of one listener. A request that a listener's host name covers is that listener's, whether it has a route for it or not.</summary>
internal sealed class ListenerRoutes
{
    private readonly Dictionary<string, HostRoutes> _names = new(StringComparer.Ordinal);
    private readonly List<(string Wildcard, HostRoutes Routes)> _wildcards = [];
    private readonly HostRoutes? _all;

    /// <param name="id">The listener.</param>
    /// <param name="hostname">Its host name; null for all.</param>
    /// <param name="port">Its port, which redirections name.</param>
    /// <param name="hosts">Routes by host name; a null name is that of all hosts.</param>
    public ListenerRoutes(ListenerId id, string? hostname, int port, IReadOnlyList<(string? Hostname, HostRoutes Routes)> hosts)
    {
        (Id, Hostname, Port) = (id, hostname, port);
        Hosts = [.. hosts.OrderBy(host => host.Hostname, Comparer<string?>.Create(Routing.Hostname.CompareSpecificity)).ThenBy(host => host.Hostname, StringComparer.Ordinal)];
        foreach (var (name, routes) in Hosts)
        {
            if (name is null)
            {
                _all = routes;
            }
            else if (Routing.Hostname.IsWildcard(name))
            {
                _wildcards.Add((name, routes));
            }
            else
            {
                _names[name] = routes;
            }
        }
    }

    public ListenerId Id { get; }

    public string? Hostname { get; }

    public int Port { get; }

    /// <summary>Routes by host name, the most specific first.</summary>
    public IReadOnlyList<(string? Hostname, HostRoutes Routes)> Hosts { get; }

    /// <summary>
    /// The match that a request gets; null for none. A more specific host goes before any path, but a request that none of its rules match
    /// still gets to those of a less specific one.
    /// </summary>
    public RouteMatch? Find(HttpRequest request, string host)
    {
        var view = new RequestView(request);
        if (_names.TryGetValue(host, out var named) && named.Find(view) is { } match)
        {
            return match;
        }

        foreach (var (wildcard, routes) in _wildcards)
        {
            if (Routing.Hostname.Covers(wildcard, host) && routes.Find(view) is { } found)
            {
                return found;
            }
        }

        return _all?.Find(view);
    }
}
