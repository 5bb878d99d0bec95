using ControlPlane.Kubernetes.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Puts planned Gateways and routes together into what requests are looked up in.</summary>
internal static class SnapshotBuilder
{
    public static RoutingSnapshot Build(IEnumerable<PlannedGateway> gateways, IEnumerable<PlannedRoute> routes)
    {
        var hosts = new Dictionary<ListenerId, Dictionary<string, List<RouteMatch>>>(); // the empty name stands for every host
        foreach (var route in routes)
        {
            foreach (var (listener, hostnames) in route.Attachments)
            {
                var ofListener = hosts.TryGetValue(listener, out var there) ? there : hosts[listener] = new(StringComparer.Ordinal);
                foreach (var hostname in hostnames)
                {
                    var matches = ofListener.TryGetValue(hostname ?? "", out var known) ? known : ofListener[hostname ?? ""] = [];
                    matches.AddRange(route.Matches);
                }
            }
        }

        var sockets = gateways
            .SelectMany(gateway => gateway.Listeners)
            .Where(listener => listener.Serves)
            .GroupBy(listener => listener.Socket!.Value);
        return new RoutingSnapshot(sockets.Select(socket => new SocketRoutes(
            socket.Key,
            socket.Select(listener => new ListenerRoutes(listener.Id, listener.Hostname, listener.Spec.Port, Hosts(hosts.GetValueOrDefault(listener.Id)))),
            socket.Where(listener => listener.Certificate is not null).Select(listener => (listener.Hostname, listener.Certificate!)))));
    }

    private static List<(string? Hostname, HostRoutes Routes)> Hosts(Dictionary<string, List<RouteMatch>>? hosts) =>
        hosts is null ? [] : [.. hosts.Select(host => (host.Key.Length == 0 ? null : host.Key, new HostRoutes(host.Value)))];
}
