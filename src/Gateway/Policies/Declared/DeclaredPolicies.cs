using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;
using Microsoft.Extensions.Logging;

namespace Gateway.Policies.Declared;

/// <summary>
/// What TrafficPolicies, RateLimitPolicies and CircuitPolicies say of the ManagedService behind a Service. Worked out when the first request
/// after a change in the namespace asks for it. A policy with a wrong field is as if it were not there.
/// </summary>
internal sealed class DeclaredPolicies : IPolicySource
{
    private readonly PolicyValidity _validity = new();
    private readonly Informer<ManagedService> _services;
    private readonly Informer<TrafficPolicy> _traffic;
    private readonly Informer<RateLimitPolicy> _limits;
    private readonly Informer<CircuitPolicy> _circuits;
    private readonly CacheIndex<ManagedService> _servicesByFront;
    private readonly CacheIndex<ManagedService> _servicesByDependency;
    private readonly CacheIndex<TrafficPolicy> _trafficByNamespace;
    private readonly CacheIndex<RateLimitPolicy> _limitsByNamespace;
    private readonly CacheIndex<CircuitPolicy> _circuitsByNamespace;
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ObjectKey, Known> _known = [];

    public DeclaredPolicies(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        Informer<T> Follow<T>(ResourceType type)
            where T : class, IKubeObject
        {
            var informer = new Informer<T>(api, type, CacheScope.All, new JsonObjectDecoder<T>(), metrics, time, loggers.CreateLogger<Informer<T>>());
            informer.Cache.Subscribe(change => Forget(Changes.OfDeclaration(change), change.Key.Namespace));
            return informer;
        }

        _services = Follow<ManagedService>(ManagedService.ResourceType);
        _services.Cache.Subscribe(ForgetDependencies);
        _traffic = Follow<TrafficPolicy>(TrafficPolicy.ResourceType);
        _limits = Follow<RateLimitPolicy>(RateLimitPolicy.ResourceType);
        _circuits = Follow<CircuitPolicy>(CircuitPolicy.ResourceType);
        _servicesByFront = _services.Cache.AddIndex(static service => [service.Front.ToString()]);
        _servicesByDependency = _services.Cache.AddIndex(static service => service.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service).ToString()).Distinct());
        _trafficByNamespace = _traffic.Cache.AddIndex(static policy => [policy.Metadata.Namespace]);
        _limitsByNamespace = _limits.Cache.AddIndex(static policy => [policy.Metadata.Namespace]);
        _circuitsByNamespace = _circuits.Cache.AddIndex(static policy => [policy.Metadata.Namespace]);
    }

    public IReadOnlyList<IInformer> All => [_services, _traffic, _limits, _circuits];

    public Informer<ManagedService> Services => _services;

    public Informer<TrafficPolicy> Traffic => _traffic;

    public Informer<RateLimitPolicy> Limits => _limits;

    public Informer<CircuitPolicy> Circuits => _circuits;

    /// <inheritdoc/>
    public ServicePolicy For(ObjectKey service)
    {
        var version = _versions.GetValueOrDefault(service.Namespace); // before looking: a change meanwhile has it worked out once more
        if (_known.TryGetValue(service, out var known) && known.Version == version)
        {
            return known.Policy;
        }

        var policy = WorkOut(service);
        _known[service] = new(version, policy);
        return policy;
    }

    private ServicePolicy WorkOut(ObjectKey front)
    {
        var declared = _servicesByFront.Get(front.ToString()).Where(service => service.Metadata.DeletionTimestamp is null).MinBy(service => service.Metadata.CreationTimestamp);
        return declared is null ? ServicePolicy.Default : PolicyTranslation.Of(
            EffectivePolicy.Of(
                declared,
                _trafficByNamespace.Get(front.Namespace).Where(policy => _validity.Problems(policy).Count == 0),
                _limitsByNamespace.Get(front.Namespace).Where(policy => _validity.Problems(policy).Count == 0),
                _circuitsByNamespace.Get(front.Namespace).Where(policy => _validity.Problems(policy).Count == 0)),
            _servicesByDependency.Get(declared.Metadata.Key.ToString()).Select(static caller => caller.Metadata.Key));
    }

    /// <summary>Who depends on a service of another namespace may be one of its callers.</summary>
    private void ForgetDependencies(CacheChange<ManagedService> change)
    {
        foreach (var ns in new[] { change.Old, change.New }.OfType<ManagedService>().SelectMany(static service => service.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service).Namespace)).Distinct())
        {
            Forget(Changes.OfDeclaration(change), ns);
        }
    }

    private void Forget(bool changed, string ns)
    {
        if (changed)
        {
            _versions.AddOrUpdate(ns, 1, static (_, version) => version + 1);
        }
    }

    private sealed record Known(int Version, ServicePolicy Policy);
}
