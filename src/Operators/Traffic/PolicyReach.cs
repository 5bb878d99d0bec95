using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using Operators.Cluster;

namespace Operators.Traffic;

/// <summary>Finds the services that a policy reaches.</summary>
public static class PolicyReach
{
    /// <summary>By name where it names them; the namespace is looked through only for a policy that is for many.</summary>
    public static IEnumerable<ManagedService> Of<TSpec>(FleetCaches caches, CustomResource<TSpec, PolicyStatus> policy)
        where TSpec : class, IPolicySpec, new()
    {
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(policy);
        var spec = policy.Spec;
        if (spec.TargetSelectors.Count > 0 || spec.TargetRefs.Any(static target => target.Kind == PolicyTargetKind.Namespace))
        {
            return caches.ServicesByNamespace.Get(policy.Metadata.Namespace).Where(service => AttachedPolicy.ScopeOf(policy, service) is not null);
        }

        return spec.TargetRefs
            .Select(target => caches.Services.Cache.Find(new(policy.Metadata.Namespace, target.Name)))
            .OfType<ManagedService>()
            .Where(static service => service.Metadata.DeletionTimestamp is null)
            .DistinctBy(static service => service.Metadata.Key);
    }

    /// <summary>Those that a changed policy reached before or reaches now; nobody for the policies that were there at start.</summary>
    public static IEnumerable<ObjectKey> OfChange<TPolicy, TSpec>(FleetCaches caches, CacheChange<TPolicy> change)
        where TPolicy : CustomResource<TSpec, PolicyStatus>
        where TSpec : class, IPolicySpec, new() =>
        change.Initial || !Changes.OfDeclaration(change)
            ? []
            : new[] { change.Old, change.New }.OfType<TPolicy>().SelectMany(policy => Of(caches, policy)).Select(static service => service.Metadata.Key).Distinct();
}
