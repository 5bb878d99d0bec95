using ControlPlane.Api.Access;
using ControlPlane.Api.Live;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Rollouts.Cost;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace ControlPlane.Api.Rollouts;

/// <summary>Lists of rollouts and one with all about it, from the caches: those that the caller may see, who may see their services.</summary>
public sealed class RolloutQuery
{
    private readonly FleetCaches _caches;
    private readonly RolloutInstances _instances;
    private readonly Authorizer _authorizer;
    private readonly ResourcePrices? _prices;
    private readonly TimeProvider _time;

    internal RolloutQuery(FleetCaches caches, RolloutInstances instances, Authorizer authorizer, ResourcePrices? prices, TimeProvider time)
    {
        (_caches, _instances, _authorizer, _prices, _time) = (caches, instances, authorizer, prices, time);
        caches.Rollouts.Cache.Subscribe(change => Changes.Publish(change.Key));
        caches.Services.Cache.Subscribe(change => PublishOf(change.Key));
        caches.Pods.Cache.Subscribe(change =>
        {
            if (change.Latest.Metadata.Labels.ContainsKey(Tracks.Label) && change.Latest.Metadata.Labels.TryGetValue(FleetApi.InventoryLabel, out var service))
            {
                PublishOf(new(change.Key.Namespace, service));
            }
        });
    }

    /// <summary>Which rollouts have something new about them: declaration, status, instances, or the declaration of a service.</summary>
    public ChangeFeed<ObjectKey> Changes { get; } = new();

    /// <summary>How far answers can be trusted.</summary>
    public CacheState State => _caches.Rollouts.State;

    /// <summary>All rollouts that the caller may see, in no order.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public IReadOnlyList<RolloutSummary> All()
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        return [.. _caches.Rollouts.Cache.Snapshot().Select(rollout => Summary(rollout, scope)).OfType<RolloutSummary>()];
    }

    /// <summary>Rollouts that move a service, as far as the caller may see them. There is one, but for a mistake.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public IReadOnlyList<RolloutSummary> Of(ObjectKey service)
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        return [.. _caches.RolloutsByMember.Get(service.ToString()).Select(rollout => Summary(rollout, scope)).OfType<RolloutSummary>()];
    }

    /// <summary>A rollout with all about it; null when there is none that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public RolloutDetails? Find(ObjectKey key)
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        if (_caches.Rollouts.Cache.Find(key) is not { } rollout || Summary(rollout, scope) is not { } summary)
        {
            return null;
        }

        List<ManagedService> members = [.. rollout.Spec.Members.Select(member => Service(rollout, member.Service, scope)).OfType<ManagedService>()];
        List<CanaryInstance> canaries = [.. members.SelectMany(_instances.Requests)];
        return new()
        {
            Summary = summary,
            Spec = rollout.Spec,
            Status = rollout.Status,
            Actions = RolloutOffers.Of(rollout),
            Evidence = EvidenceCourse.Of(rollout),
            Declared = GitTruth.Of(rollout, name => Service(rollout, name, scope)),
            Instances = [.. members.SelectMany(_instances.Of)],
            Cost = canaries.Count == 0 ? null : CanaryCost.Of(canaries, _prices, _time.GetUtcNow()),
            KeptBy = GitOpsOwner.Of(rollout.Metadata),
        };
    }

    /// <summary>A rollout as a list shows it, within a scope that was asked for before, as streams do for each batch; null when it is not in it.</summary>
    internal RolloutSummary? Find(ObjectKey key, AccessScope scope) => _caches.Rollouts.Cache.Find(key) is { } rollout ? Summary(rollout, scope) : null;

    private RolloutSummary? Summary(CanaryRollout rollout, AccessScope scope)
    {
        var team = RolloutSubject.TeamOf(rollout, _caches);
        return scope.Includes(rollout.Metadata.Namespace, team) ? RolloutSummary.Of(rollout, team) : null;
    }

    private ManagedService? Service(CanaryRollout rollout, string name, AccessScope scope) =>
        _caches.Services.Cache.Find(new(rollout.Metadata.Namespace, name)) is { } service && scope.Includes(service.Metadata.Namespace, service.Spec.Owner.Team) ? service : null;

    private void PublishOf(ObjectKey service)
    {
        foreach (var rollout in _caches.RolloutsByMember.Get(service.ToString()))
        {
            Changes.Publish(rollout.Metadata.Key);
        }
    }
}
