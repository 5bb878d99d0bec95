using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Registry.Baseline;

namespace Operators.Registry;

/// <summary>
/// Plans the objects of a service that the operator runs: the production baseline. Pure: the same snapshot gives the same bytes, so preview,
/// diff and golden files come for free.
/// </summary>
public static class ServicePlanner
{
    /// <summary>The objects that should exist, in the order in which they are applied. None for a service that only adopts a workload.</summary>
    public static IReadOnlyList<DesiredObject> Plan(ServiceSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var service = snapshot.Service;
        if (service.Spec.Workload is not { } workload)
        {
            return [];
        }

        // A template that was taken over names its own account, and what that may do is not ours to guess.
        List<DesiredObject> objects = workload.Template is null ? [.. ServiceAccountBaseline.Plan(service)] : [];
        if (workload.Network.Enabled)
        {
            objects.Add(NetworkPolicyBaseline.Plan(snapshot));
        }

        if (workload.Exposure.Enabled)
        {
            objects.Add(ServiceBaseline.Plan(snapshot));
        }

        objects.AddRange(DeploymentBaseline.Plan(service, snapshot.Sides));
        if (workload.Autoscaling.Mode == AutoscalingMode.Managed)
        {
            objects.Add(AutoscalerBaseline.Plan(service, snapshot.Sides?.StableFloor));
        }

        if (workload.Disruption.Enabled)
        {
            objects.Add(DisruptionBudgetBaseline.Plan(service));
        }

        objects.AddRange(MonitoringBaseline.Plan(snapshot));
        return objects;
    }
}
