using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Finds the listeners of a parent that take a route: named by it, allowing it, and with host names in common.</summary>
internal static class RouteAttacher
{
    public static (IReadOnlyList<RouteAttachment> Attachments, Problem? Problem) Attach(
        HttpRoute route, ParentReference parent, PlannedGateway gateway, IClusterView view)
    {
        var named = gateway.Listeners
            .Where(listener => (parent.SectionName is null || parent.SectionName == listener.Id.Name) && (parent.Port is null || parent.Port == listener.Spec.Port))
            .ToList();
        if (named.Count == 0)
        {
            return ([], new(GatewayConditions.NoMatchingParent, $"parentRefs: Gateway {gateway.Key} has no listener with that sectionName and port"));
        }

        var allowing = named.Where(listener => listener.TakesHttpRoutes && Allows(listener, gateway, route, view)).ToList();
        if (allowing.Count == 0)
        {
            return ([], new(GatewayConditions.NotAllowedByListeners, $"parentRefs: no listener of Gateway {gateway.Key} allows HTTPRoutes of namespace {route.Metadata.Namespace}"));
        }

        var attachments = allowing
            .Select(listener => new RouteAttachment(listener.Id, Intersection(listener, route)))
            .Where(attachment => attachment.Hostnames.Count > 0)
            .ToList();
        return attachments.Count == 0
            ? ([], new(GatewayConditions.NoMatchingListenerHostname, $"hostnames: none of them is a host of a listener of Gateway {gateway.Key}"))
            : (attachments, null);
    }

    private static bool Allows(PlannedListener listener, PlannedGateway gateway, HttpRoute route, IClusterView view)
    {
        var namespaces = listener.Spec.AllowedRoutes.Namespaces;
        return namespaces.From switch
        {
            RouteNamespaces.All => true,
            RouteNamespaces.Same => route.Metadata.Namespace == gateway.Resource.Metadata.Namespace,
            RouteNamespaces.BySelector => namespaces.Selector is { } selector
                && view.FindNamespace(route.Metadata.Namespace) is { } ns && selector.Matches(ns.Metadata.Labels),
            _ => false,
        };
    }

    private static List<string?> Intersection(PlannedListener listener, HttpRoute route)
    {
        if (route.Spec.Hostnames.Count == 0)
        {
            return [listener.Hostname];
        }

        var hosts = new List<string?>();
        foreach (var hostname in route.Spec.Hostnames)
        {
            if (Hostname.TryIntersect(listener.Hostname, hostname.ToLowerInvariant(), out var both) && !hosts.Contains(both))
            {
                hosts.Add(both);
            }
        }

        return hosts;
    }
}
