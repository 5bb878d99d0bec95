using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Traffic;

namespace Operators.Registry;

/// <summary>The objects of the baseline of a service, with what its data plane reads from them: for the operator, and for those who only look.</summary>
public sealed class BaselinePlanner(FleetGraph graph, TrafficPlanner traffic)
{
    /// <summary>Plans them, in the order in which they are applied.</summary>
    public IReadOnlyList<DesiredObject> Plan(ManagedService service) =>
        ServicePlanner.Plan(graph.Snapshot(service) with { FrontAnnotations = traffic.FrontAnnotations(service) });
}
