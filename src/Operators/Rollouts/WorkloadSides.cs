using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Rollouts.Revisions;

namespace Operators.Rollouts;

/// <summary>What the rollout that moves a service says its workloads should be.</summary>
/// <param name="Stable">What the stable workload runs; null while the rollout has not said, or what it said is not at hand: then the workloads stay as they are.</param>
/// <param name="Canary">What runs beside it; null for nothing.</param>
/// <param name="CanaryInstances">How often.</param>
/// <param name="StableFloor">Instances below which the stable workload is not to shrink; null for none.</param>
public sealed record WorkloadSides(WorkloadRevision? Stable, WorkloadRevision? Canary, int CanaryInstances, int? StableFloor)
{
    /// <summary>Ends the name of a canary's Deployment.</summary>
    public const string CanarySuffix = "-canary";

    /// <summary>True while nothing may be written to the workloads.</summary>
    public bool IsHeld => Stable is null || (CanaryInstances > 0 && Canary is null);

    /// <summary>What the rollout in charge of a service says; null when there is none.</summary>
    public static WorkloadSides? Of(ManagedService service, FleetCaches caches)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(caches);
        var key = service.Metadata.Key;
        if (service.Spec.Workload is null || CanaryRollout.InCharge(caches.RolloutsByMember.Get(key.ToString())) is not { } rollout)
        {
            return null;
        }

        if (rollout.Status?.Members.FirstOrDefault(member => member.Service == key.Name) is not { Stable: { } stable } said)
        {
            return new(null, null, 0, null);
        }

        var declared = WorkloadRevision.Of(service);
        WorkloadRevision? Find(string? name) => name is null ? null
            : name == declared.Name ? declared
            : caches.Revisions.Cache.Find(WorkloadRevision.KeyOf(key, name)) is { } kept ? WorkloadRevision.Read(kept)
            : null;

        return new(Find(stable), said.CanaryInstances > 0 ? Find(said.Declared) : null, said.CanaryInstances, said.StableFloor);
    }

    /// <summary>The Deployment of a service's canary.</summary>
    public static ObjectKey CanaryKey(ManagedService service)
    {
        var stable = FleetCaches.WorkloadKeyOf(service).Key;
        return new(stable.Namespace, stable.Name + CanarySuffix);
    }
}
