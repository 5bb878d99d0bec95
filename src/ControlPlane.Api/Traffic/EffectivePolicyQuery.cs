using ControlPlane.Api.Access;
using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Traffic;

namespace ControlPlane.Api.Traffic;

/// <summary>What all the policies that reach a service say together, where each value comes from, and what lost against it.</summary>
public sealed class EffectivePolicyQuery(FleetCaches caches, FleetQuery fleet, TrafficPlanner planner)
{
    /// <summary>The effective policy of a service; null when the service is not declared, or not for the caller to see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public EffectivePolicyView? Find(ObjectKey service) =>
        fleet.Find(service) is not null && caches.Services.Cache.Find(service) is { } declared ? EffectivePolicyView.Of(planner.Plan(declared)) : null;
}
