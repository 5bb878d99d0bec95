using System.Collections.Concurrent;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Nodes;

/// <summary>
/// When each node was last heard of, by this process's own monotonic clock: the times that nodes write are those of their clocks, and a
/// machine that slept must not find all of its nodes lost.
/// </summary>
/// <param name="time">Clock.</param>
internal sealed class NodeHeartbeats(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _heard = new(StringComparer.Ordinal);

    /// <summary>Takes every renewed lease as a sign of life.</summary>
    public void Follow(WorkloadCaches caches)
    {
        caches.NodeLeases.Cache.Subscribe(change => _heard[change.Key.Name] = time.GetTimestamp());
        caches.Nodes.Cache.Subscribe(change =>
        {
            if (change.New is null)
            {
                _heard.TryRemove(change.Key.Name, out _);
            }
        });
    }

    /// <summary>How long a node has been silent; zero for one that is seen for the first time.</summary>
    public TimeSpan Silence(string node) => time.GetElapsedTime(_heard.GetOrAdd(node, _ => time.GetTimestamp()));
}
