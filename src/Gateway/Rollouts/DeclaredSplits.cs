using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Gateway.Backends;
using Gateway.Resources;

namespace Gateway.Rollouts;

/// <summary>What CanaryRollouts say of the requests to Services: each goes by the oldest rollout that moves the ManagedService that it is in front of.</summary>
internal sealed class DeclaredSplits
{
    private readonly ObjectCache<ManagedService> _services;
    private readonly ObjectCache<RolloutTraffic> _rollouts;
    private readonly CacheIndex<ManagedService> _servicesByFront;
    private readonly CacheIndex<RolloutTraffic> _rolloutsByMember;

    public DeclaredSplits(ObjectCache<ManagedService> services, ObjectCache<RolloutTraffic> rollouts)
    {
        (_services, _rollouts) = (services, rollouts);
        _servicesByFront = services.AddIndex(static service => [service.Front.ToString()]);
        _rolloutsByMember = rollouts.AddIndex(static rollout => MembersOf(rollout).Select(static member => member.ToString()).Distinct());
    }

    /// <summary>Has somebody told of every Service for which another split may hold.</summary>
    public void Subscribe(Action<ObjectKey> changed)
    {
        _services.Subscribe(change =>
        {
            if (change.Old is null || change.New is null || change.Old.Front != change.New.Front || change.Old.Metadata.DeletionTimestamp != change.New.Metadata.DeletionTimestamp)
            {
                Tell(new[] { change.Old?.Front, change.New?.Front }.OfType<ObjectKey>());
            }
        });
        _rollouts.Subscribe(change =>
        {
            if (change.Old is null || change.New is null || !SplitsAlike(change.Old, change.New))
            {
                Tell(new[] { change.Old, change.New }.OfType<RolloutTraffic>().SelectMany(MembersOf).Select(member => _services.Find(member)?.Front).OfType<ObjectKey>());
            }
        });

        void Tell(IEnumerable<ObjectKey> fronts)
        {
            foreach (var front in fronts.Distinct())
            {
                changed(front);
            }
        }
    }

    /// <summary>How the requests to a Service are shared; null where no rollout moves it.</summary>
    public TrackSplit? For(ObjectKey front)
    {
        var service = _servicesByFront.Get(front.ToString()).Where(static service => service.Metadata.DeletionTimestamp is null).MinBy(static service => service.Metadata.CreationTimestamp);
        var rollout = service is null ? null : CanaryRollout.InCharge(_rolloutsByMember.Get(service.Metadata.Key.ToString()));
        return rollout is null ? null : new(rollout.Status.Weight, rollout.Status.Match, rollout.Status.Mirror, StableHash.Of(rollout.Status.CanaryRevision ?? ""));
    }

    private static IEnumerable<ObjectKey> MembersOf(RolloutTraffic rollout) => rollout.Status.Members.Select(member => new ObjectKey(rollout.Metadata.Namespace, member.Service));

    /// <summary>Most changes of a rollout are evidence and words, and concern no request.</summary>
    private static bool SplitsAlike(RolloutTraffic a, RolloutTraffic b) =>
        a.Metadata.DeletionTimestamp == b.Metadata.DeletionTimestamp
        && (a.Status.CanaryRevision, a.Status.Weight, a.Status.Mirror) == (b.Status.CanaryRevision, b.Status.Weight, b.Status.Mirror)
        && a.Status.Members.SequenceEqual(b.Status.Members)
        && ValuesOf(a.Status.Match?.Headers).SequenceEqual(ValuesOf(b.Status.Match?.Headers))
        && ValuesOf(a.Status.Match?.Cookies).SequenceEqual(ValuesOf(b.Status.Match?.Cookies));

    private static IReadOnlyList<RolloutMatchValue> ValuesOf(IReadOnlyList<RolloutMatchValue>? values) => values ?? [];
}
