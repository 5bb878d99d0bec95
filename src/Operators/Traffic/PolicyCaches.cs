using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;
using Microsoft.Extensions.Logging;

namespace Operators.Traffic;

/// <summary>The declared traffic policies, and what those that reach a service say together.</summary>
public sealed class PolicyCaches
{
    private readonly PolicyValidity _validity = new();
    private readonly CacheIndex<TrafficPolicy> _trafficByTarget;
    private readonly CacheIndex<RateLimitPolicy> _rateLimitsByTarget;
    private readonly CacheIndex<CircuitPolicy> _circuitsByTarget;

    /// <summary>Makes the informers; nothing is sent until they run.</summary>
    public PolicyCaches(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        Informer<T> Follow<T>(ResourceType type)
            where T : class, IKubeObject =>
            new(api, type, new CacheScope(), new JsonObjectDecoder<T>(), metrics, time, loggers.CreateLogger<Informer<T>>());

        Traffic = Follow<TrafficPolicy>(TrafficPolicy.ResourceType);
        RateLimits = Follow<RateLimitPolicy>(RateLimitPolicy.ResourceType);
        Circuits = Follow<CircuitPolicy>(CircuitPolicy.ResourceType);
        TrafficByCaller = Traffic.Cache.AddIndex(static policy => (policy.Spec.Access?.Allow ?? []).SelectMany(static rule => rule.From)
            .Select(caller => new ObjectKey(caller.Namespace.Length > 0 ? caller.Namespace : policy.Metadata.Namespace, caller.Service).ToString()).Distinct());
        _trafficByTarget = Traffic.Cache.AddIndex(static policy => Targets(policy.Metadata.Namespace, policy.Spec));
        _rateLimitsByTarget = RateLimits.Cache.AddIndex(static policy => Targets(policy.Metadata.Namespace, policy.Spec));
        _circuitsByTarget = Circuits.Cache.AddIndex(static policy => Targets(policy.Metadata.Namespace, policy.Spec));
    }

    /// <summary>Routes, timeouts, retries, access and the rest.</summary>
    public Informer<TrafficPolicy> Traffic { get; }

    /// <summary>Limits.</summary>
    public Informer<RateLimitPolicy> RateLimits { get; }

    /// <summary>When to stop calling.</summary>
    public Informer<CircuitPolicy> Circuits { get; }

    /// <summary>Traffic policies by each service that they let in by its name (<see cref="ObjectKey"/>, as text).</summary>
    public CacheIndex<TrafficPolicy> TrafficByCaller { get; }

    /// <summary>The three informers.</summary>
    public IEnumerable<IInformer> All => [Traffic, RateLimits, Circuits];

    /// <summary>What all valid policies that reach a service say together.</summary>
    /// <param name="service">The service.</param>
    /// <param name="proposed">Policies that stand in for those of the same kind and name; null for none.</param>
    public EffectivePolicy EffectiveOf(ManagedService service, IReadOnlyCollection<IKubeObject>? proposed = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        return EffectivePolicy.Of(
            service, Valid(_trafficByTarget, service, proposed), Valid(_rateLimitsByTarget, service, proposed), Valid(_circuitsByTarget, service, proposed));
    }

    /// <summary>Everything that is wrong with a policy; empty when nothing is.</summary>
    public IReadOnlyList<PolicyProblem> ProblemsOf<TSpec>(CustomResource<TSpec, PolicyStatus> policy)
        where TSpec : class, IPolicySpec, new() => _validity.Problems(policy);

    /// <summary>Those that name a service are found by its name; only those that are for many are looked at for each.</summary>
    private static IEnumerable<string> Targets(string @namespace, IPolicySpec spec)
    {
        var named = spec.TargetRefs.Where(static target => target.Kind == PolicyTargetKind.ManagedService).Select(target => Named(new(@namespace, target.Name))).Distinct();
        return spec.TargetSelectors.Count > 0 || spec.TargetRefs.Any(static target => target.Kind == PolicyTargetKind.Namespace) ? named.Append(Many(@namespace)) : named;
    }

    private IEnumerable<TPolicy> Valid<TPolicy>(CacheIndex<TPolicy> byTarget, ManagedService service, IReadOnlyCollection<IKubeObject>? proposed)
        where TPolicy : class, IKubeObject
    {
        var declared = byTarget.Get(Named(service.Metadata.Key)).Union(byTarget.Get(Many(service.Metadata.Namespace)));
        var instead = proposed?.OfType<TPolicy>().Where(policy => policy.Metadata.Namespace == service.Metadata.Namespace).ToList() ?? [];
        return declared.Where(policy => instead.TrueForAll(other => other.Metadata.Name != policy.Metadata.Name)).Concat(instead).Where(IsValid);
    }

    private bool IsValid(IKubeObject policy) => policy switch
    {
        TrafficPolicy traffic => ProblemsOf(traffic).Count == 0,
        RateLimitPolicy limits => ProblemsOf(limits).Count == 0,
        CircuitPolicy circuit => ProblemsOf(circuit).Count == 0,
        _ => false,
    };

    private static string Named(ObjectKey service) => service.ToString();

    private static string Many(string @namespace) => $"{@namespace}/*";
}
