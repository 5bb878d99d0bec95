using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.ReplicaSets;

/// <summary>
/// What a controller has asked for and not yet seen in its cache. Until it has, the cache must not be counted: a slow one would make the
/// controller create the same pods again, or delete others in place of those already on their way out.
/// </summary>
/// <param name="time">Clock.</param>
internal sealed class PodExpectations(TimeProvider time)
{
    /// <summary>An event that did not come for this long was lost; client-go's ExpectationsTimeout.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Expectation> _byOwner = [];

    /// <summary>Pods will be created for an owner. To be said before the first request, whose event may come before its answer.</summary>
    public void ExpectCreations(string ownerUid, int count)
    {
        lock (_gate)
        {
            Of(ownerUid).Creations += count;
        }
    }

    /// <summary>Pods of an owner will be deleted.</summary>
    public void ExpectDeletions(string ownerUid, IEnumerable<string> podUids)
    {
        lock (_gate)
        {
            Of(ownerUid).Deletions.UnionWith(podUids);
        }
    }

    /// <summary>Pods were seen to be created, or will not be.</summary>
    public void CreationsSettled(string ownerUid, int count)
    {
        lock (_gate)
        {
            if (_byOwner.TryGetValue(ownerUid, out var expectation))
            {
                expectation.Creations -= count;
                ForgetIfMet(ownerUid, expectation);
            }
        }
    }

    /// <summary>A pod was seen to be deleted, or will not be.</summary>
    public void DeletionSettled(string ownerUid, string podUid)
    {
        lock (_gate)
        {
            if (_byOwner.TryGetValue(ownerUid, out var expectation))
            {
                expectation.Deletions.Remove(podUid);
                ForgetIfMet(ownerUid, expectation);
            }
        }
    }

    /// <summary>True when the cache shows everything that was asked for, or when that has taken too long.</summary>
    public bool AreMet(string ownerUid)
    {
        lock (_gate)
        {
            return !_byOwner.TryGetValue(ownerUid, out var expectation) || time.GetElapsedTime(expectation.Since) > Patience;
        }
    }

    /// <summary>Takes in what the caches show. To be called before anybody else follows them: whoever is woken by a change must find it counted.</summary>
    public void Follow(WorkloadCaches caches)
    {
        caches.Pods.Cache.Subscribe(Observe);
        caches.ReplicaSets.Cache.Subscribe(ForgetDeleted);
        caches.ReplicationControllers.Cache.Subscribe(ForgetDeleted);
    }

    private void ForgetDeleted(CacheChange<ReplicaSet> change)
    {
        lock (_gate)
        {
            if (change.New is null)
            {
                _byOwner.Remove(change.Latest.Metadata.Uid ?? "");
            }
        }
    }

    private void Observe(CacheChange<Pod> change)
    {
        var pod = change.Latest;
        if (pod.Metadata.ControllerOwner is not { } owner)
        {
            return;
        }

        if (change.Old is null)
        {
            CreationsSettled(owner.Uid, 1);
        }

        if (change.New is null || pod.IsTerminating)
        {
            DeletionSettled(owner.Uid, pod.Metadata.Uid ?? "");
        }
    }

    private Expectation Of(string ownerUid)
    {
        if (!_byOwner.TryGetValue(ownerUid, out var expectation))
        {
            _byOwner[ownerUid] = expectation = new Expectation();
        }

        expectation.Since = time.GetTimestamp();
        return expectation;
    }

    private void ForgetIfMet(string ownerUid, Expectation expectation)
    {
        if (expectation is { Creations: <= 0, Deletions.Count: 0 })
        {
            _byOwner.Remove(ownerUid);
        }
    }

    private sealed class Expectation
    {
        public int Creations { get; set; }

        public HashSet<string> Deletions { get; } = [];

        public long Since { get; set; }
    }
}
