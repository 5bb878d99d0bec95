using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Traffic;

namespace Operators.Registry;

/// <summary>The objects of the baseline of a service, with what its data plane reads from them: for the operator, and for those who only look.</summary>
public sealed class BaselinePlanner(FleetGraph graph, TrafficPlanner traffic)
{
    /// <summary>Plans them, in the order in which they are applied.</summary>
    public IReadOnlyList<DesiredObject> Plan(ManagedService service) => PlanWithHold(service).Objects;

    /// <summary>Plans them, and says whether a rollout keeps the workloads as they are until it has looked (<see cref="Rollouts.WorkloadSides.IsHeld"/>).</summary>
    internal (IReadOnlyList<DesiredObject> Objects, bool IsHeld) PlanWithHold(ManagedService service)
    {
        var snapshot = graph.Snapshot(service) with { FrontAnnotations = traffic.FrontAnnotations(service) };
        return (ServicePlanner.Plan(snapshot), snapshot.Sides is { IsHeld: true });
    }
}
