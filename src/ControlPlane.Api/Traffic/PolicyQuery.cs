using ControlPlane.Api.Access;
using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Cluster;

namespace ControlPlane.Api.Traffic;

/// <summary>Lists of traffic policies of all kinds, from the caches: those that the caller may see.</summary>
public sealed class PolicyQuery
{
    private readonly FleetCaches _caches;
    private readonly Authorizer _authorizer;
    private readonly TimeProvider _time;

    /// <summary>Follows the caches.</summary>
    public PolicyQuery(FleetCaches caches, Authorizer authorizer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(caches);
        (_caches, _authorizer, _time) = (caches, authorizer, time);
        caches.Policies.Traffic.Cache.Subscribe(change => Changes.Publish(change.Key));
        caches.Policies.RateLimits.Cache.Subscribe(change => Changes.Publish(change.Key));
        caches.Policies.Circuits.Cache.Subscribe(change => Changes.Publish(change.Key));
    }

    /// <summary>Which policies look different in a list.</summary>
    public ChangeFeed<ObjectKey> Changes { get; } = new();

    /// <summary>How far lists can be trusted: as far as the least of the three kinds.</summary>
    public CacheState State => _caches.Policies.All.Select(static informer => informer.State).OrderBy(static state => state.Phase == CachePhase.Live).First();

    /// <summary>All policies that the caller may see, in no order.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public IReadOnlyList<PolicySummary> All()
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        var now = _time.GetUtcNow();
        return
        [
            .. Summaries<TrafficPolicy, TrafficPolicySpec>(_caches.Policies.Traffic),
            .. Summaries<RateLimitPolicy, RateLimitPolicySpec>(_caches.Policies.RateLimits),
            .. Summaries<CircuitPolicy, CircuitPolicySpec>(_caches.Policies.Circuits),
        ];

        IEnumerable<PolicySummary> Summaries<TPolicy, TSpec>(Informer<TPolicy> policies)
            where TPolicy : CustomResource<TSpec, PolicyStatus>
            where TSpec : class, IPolicySpec, new() => policies.Cache.Snapshot()
            .Where(policy => scope.Includes(policy.Metadata.Namespace, team: null))
            .Select(policy => PolicySummary.Of(policies.Type, policy, now));
    }

    /// <summary>Those of a list that a filter lets through, in its order.</summary>
    public static IReadOnlyList<PolicySummary> Choose(IEnumerable<PolicySummary> policies, PolicyFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return [.. policies.Where(filter.Matches).Order(filter.Order())];
    }
}
