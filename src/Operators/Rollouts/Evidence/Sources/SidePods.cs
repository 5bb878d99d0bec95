using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>The pods of stable and canary.</summary>
/// <param name="caches">What the cluster shows.</param>
internal sealed class SidePods(FleetCaches caches)
{
    /// <summary>The pods of one side that are not on their way out, by name.</summary>
    public IReadOnlyList<PodView> Of(ManagedService service, string track)
    {
        var workload = track == Tracks.Canary ? new WorkloadKey(KnownResources.Deployments.Kind, WorkloadSides.CanaryKey(service)) : FleetCaches.WorkloadKeyOf(service);
        return [.. caches.PodsByWorkload.Get(workload.ToString()).Where(static pod => pod.Metadata.DeletionTimestamp is null).OrderBy(static pod => pod.Metadata.Name, StringComparer.Ordinal)];
    }
}
