using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;
using Operators.Cluster;
using Operators.Registry;
using Operators.Traffic;

namespace ControlPlane.Api.Plans;

/// <summary>What would become of traffic policies that nobody has written yet: whom they reach, and what the data plane would have of them.</summary>
internal sealed class PolicyForecast(FleetCaches caches, FleetProposal proposal, TrafficPlanner planner, TimeProvider time)
{
    /// <summary>A policy as the API server would store it; null for other kinds.</summary>
    public static IKubeObject? Read(ResourceType type, byte[] json) =>
        type == TrafficPolicy.ResourceType ? JsonSerializer.Deserialize<TrafficPolicy>(json, KubeJson.Options)
        : type == RateLimitPolicy.ResourceType ? JsonSerializer.Deserialize<RateLimitPolicy>(json, KubeJson.Options)
        : type == CircuitPolicy.ResourceType ? JsonSerializer.Deserialize<CircuitPolicy>(json, KubeJson.Options)
        : null;

    /// <summary>What is wrong with a policy that its schema can't say.</summary>
    public IReadOnlyList<PolicyProblem> Problems(IKubeObject policy) => policy switch
    {
        TrafficPolicy traffic => caches.Policies.ProblemsOf(traffic),
        RateLimitPolicy limits => caches.Policies.ProblemsOf(limits),
        CircuitPolicy circuit => caches.Policies.ProblemsOf(circuit),
        _ => [],
    };

    /// <summary>The services that a policy would reach, and those that it reaches now.</summary>
    public IEnumerable<ObjectKey> Touched(IKubeObject policy) => policy switch
    {
        TrafficPolicy traffic => Touched<TrafficPolicy, TrafficPolicySpec>(traffic, caches.Policies.Traffic.Cache.Find(policy.Metadata.Key)),
        RateLimitPolicy limits => Touched<RateLimitPolicy, RateLimitPolicySpec>(limits, caches.Policies.RateLimits.Cache.Find(policy.Metadata.Key)),
        CircuitPolicy circuit => Touched<CircuitPolicy, CircuitPolicySpec>(circuit, caches.Policies.Circuits.Cache.Find(policy.Metadata.Key)),
        _ => [],
    };

    /// <summary>The status that the operator would give a policy, once the data plane has it.</summary>
    public PolicyStatus? Status(IKubeObject policy) => policy switch
    {
        TrafficPolicy traffic => Status(traffic, TrafficPolicy.ResourceType),
        RateLimitPolicy limits => Status(limits, RateLimitPolicy.ResourceType),
        CircuitPolicy circuit => Status(circuit, CircuitPolicy.ResourceType),
        _ => null,
    };

    private IEnumerable<ObjectKey> Touched<TPolicy, TSpec>(TPolicy proposed, TPolicy? declared)
        where TPolicy : CustomResource<TSpec, PolicyStatus>
        where TSpec : class, IPolicySpec, new() =>
        Reached(proposed).Concat(declared is null ? [] : PolicyReach.Of(caches, declared)).Select(static service => service.Metadata.Key).Distinct();

    private PolicyStatus Status<TSpec>(CustomResource<TSpec, PolicyStatus> policy, ResourceType type)
        where TSpec : class, IPolicySpec, new() => PolicyStatusPlanner.Plan(
            policy,
            new(type.Kind, policy.Metadata.Key),
            caches.Policies.ProblemsOf(policy),
            [.. Reached(policy).Select(service => (service.Metadata.Key, (ServiceTraffic?)ServiceTraffic.Of(planner.Plan(service), failure: null)))],
            time.GetUtcNow());

    private IEnumerable<ManagedService> Reached<TSpec>(CustomResource<TSpec, PolicyStatus> policy)
        where TSpec : class, IPolicySpec, new() =>
        PolicyReach.Of(caches, policy).Where(service => !proposal.Services.ContainsKey(service.Metadata.Key))
            .Concat(proposal.Services.Values.Where(service => AttachedPolicy.ScopeOf(policy, service) is not null));
}
