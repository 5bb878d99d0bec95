using ControlPlane.Kubernetes.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>What the cluster declares, worked out: where requests go and what is to be said of every object.</summary>
internal sealed record RoutingPlan
{
    public static RoutingPlan Empty { get; } = new()
    {
        Gateways = new Dictionary<ObjectKey, PlannedGateway>(),
        Routes = new Dictionary<ObjectKey, PlannedRoute>(),
        Attached = new Dictionary<ListenerId, int>(),
        Snapshot = RoutingSnapshot.Empty,
    };

    public required IReadOnlyDictionary<ObjectKey, PlannedGateway> Gateways { get; init; }

    public required IReadOnlyDictionary<ObjectKey, PlannedRoute> Routes { get; init; }

    /// <summary>How many routes each listener has.</summary>
    public required IReadOnlyDictionary<ListenerId, int> Attached { get; init; }

    public required RoutingSnapshot Snapshot { get; init; }
}
