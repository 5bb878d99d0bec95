using ControlPlane.Kubernetes.Caching;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Scheduling;

/// <summary>
/// Pods that were bound and that the cache does not show on their node yet. Without them the next pod would be given room that is taken.
/// </summary>
internal sealed class Assumptions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Pod Pod, string Node)> _byUid = [];

    /// <summary>Forgets what the cache comes to show.</summary>
    public void Follow(Informer<Pod> pods) => pods.Cache.Subscribe(change =>
    {
        if (change.New is null || change.New.Spec.NodeName.Length > 0)
        {
            Forget(change.Latest);
        }
    });

    /// <summary>The pod is about to be bound.</summary>
    public void Assume(Pod pod, string node)
    {
        lock (_gate)
        {
            _byUid[pod.Metadata.Uid ?? ""] = (pod, node);
        }
    }

    /// <summary>The pod was not bound, or the cache shows that it was.</summary>
    public void Forget(Pod pod)
    {
        lock (_gate)
        {
            _byUid.Remove(pod.Metadata.Uid ?? "");
        }
    }

    /// <summary>True when the pod was bound already.</summary>
    public bool Holds(Pod pod)
    {
        lock (_gate)
        {
            return _byUid.ContainsKey(pod.Metadata.Uid ?? "");
        }
    }

    /// <summary>Pods on their way to nodes, by node.</summary>
    public ILookup<string, Pod> ByNode()
    {
        lock (_gate)
        {
            return _byUid.Values.ToLookup(assumed => assumed.Node, assumed => assumed.Pod, StringComparer.Ordinal);
        }
    }
}
