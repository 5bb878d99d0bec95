using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Traffic;

namespace ControlPlane.Api.Fleet;

/// <summary>Tells which services have something new about them: declaration, policies, rollout, status, objects, pods, instances, events, or a neighbour.</summary>
public sealed class ServiceFeed
{
    private readonly FleetCaches _caches;
    private readonly ServiceLookup _lookup;

    /// <summary>Follows the caches.</summary>
    public ServiceFeed(FleetCaches caches, InstanceDirectory instances, ServiceLookup lookup)
    {
        ArgumentNullException.ThrowIfNull(caches);
        ArgumentNullException.ThrowIfNull(instances);
        _caches = caches;
        _lookup = lookup;
        caches.Services.Cache.Subscribe(Declared);
        caches.Pods.Cache.Subscribe(change => Publish(change.Latest.Workload is { } workload ? _lookup.Of(workload) : null));
        caches.Events.Cache.Subscribe(change => Publish(_lookup.Of(change.Latest.Regarding)));
        foreach (var informer in caches.OwnedInformers.Concat(caches.TrafficObjects.Informers))
        {
            informer.Cache.Subscribe(change => Publish(FleetCaches.ServiceOf(change.Latest)));
        }

        caches.Policies.Traffic.Cache.Subscribe(change => Publish(PolicyReach.OfChange<TrafficPolicy, TrafficPolicySpec>(caches, change)));
        caches.Policies.RateLimits.Cache.Subscribe(change => Publish(PolicyReach.OfChange<RateLimitPolicy, RateLimitPolicySpec>(caches, change)));
        caches.Policies.Circuits.Cache.Subscribe(change => Publish(PolicyReach.OfChange<CircuitPolicy, CircuitPolicySpec>(caches, change)));
        caches.Rollouts.Cache.Subscribe(change => Publish(new[] { change.Old, change.New }.OfType<CanaryRollout>()
            .SelectMany(static rollout => rollout.Spec.Members.Select(member => new ObjectKey(rollout.Metadata.Namespace, member.Service))).Distinct()));
        instances.Changed += service => Changes.Publish(service);
    }

    /// <summary>The services.</summary>
    public ChangeFeed<ObjectKey> Changes { get; } = new();

    private void Declared(CacheChange<ManagedService> change)
    {
        Changes.Publish(change.Key);
        foreach (var caller in _caches.ServicesByDependency.Get(change.Key.ToString()))
        {
            Changes.Publish(caller.Metadata.Key);
        }

        foreach (var dependency in new[] { change.Old, change.New }.OfType<ManagedService>().SelectMany(static service => service.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service))).Distinct())
        {
            Changes.Publish(dependency);
        }
    }

    private void Publish(IEnumerable<ObjectKey> services)
    {
        foreach (var service in services)
        {
            Changes.Publish(service);
        }
    }

    private void Publish(ObjectKey? service)
    {
        if (service is { } key)
        {
            Changes.Publish(key);
        }
    }
}
