using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>The routes of a service with what holds for each. A policy without routes means one for every request.</summary>
internal static class TrafficRoutes
{
    public static IReadOnlyList<RouteOfService> Of(TrafficPolicySpec traffic) => traffic.Routes.Count == 0
        ? [new(new TrafficRoute(), traffic.Timeouts)]
        : [.. traffic.Routes.Select(route => new RouteOfService(route, traffic.Timeouts))];

    /// <summary>True when a route leads to Services beside the one in front.</summary>
    public static bool LeadElsewhere(TrafficSnapshot snapshot) =>
        snapshot.Policy.Traffic.Routes.Any(route => route.BackendRefs.Any(backend => backend.Name != snapshot.Front.Name));
}

/// <summary>A route, with the timeouts that hold for it.</summary>
/// <param name="Route">The route; without a name when no policy declares any.</param>
/// <param name="Timeouts">The policy's timeouts, where the route has none of its own.</param>
internal sealed record RouteOfService(TrafficRoute Route, TrafficTimeouts? Timeouts)
{
    /// <summary>Path of the route in the policy.</summary>
    public string Field => $"spec.routes[{Route.Name}]";

    /// <summary>Limit of a whole request; null where none is declared.</summary>
    public string? RequestTimeout => Route.Timeouts?.Request ?? Timeouts?.Request;

    /// <summary>Limit of one try; null where none is declared.</summary>
    public string? TryTimeout => Route.Timeouts?.BackendRequest ?? Timeouts?.BackendRequest;

    /// <summary>True when a match asks for query parameters.</summary>
    public bool HasQueryParams => Route.Matches.Any(static match => match.QueryParams.Count > 0);
}
