using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;

namespace ControlPlane.Api.Fleet;

/// <summary>A service in the dependency graph.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="Tier">Tier; null when it is not declared.</param>
/// <param name="Health">How it is; null when it is not declared.</param>
/// <param name="Distance">Steps from the centre: negative for callers, positive for dependencies.</param>
public sealed record GraphNode(string Namespace, string Name, ServiceTier? Tier, ServiceHealth? Health, int Distance);

/// <summary>A dependency.</summary>
/// <param name="From">Caller (namespace/name).</param>
/// <param name="To">Dependency (namespace/name).</param>
/// <param name="Optional">True when the caller works, degraded, without it.</param>
public sealed record GraphEdge(string From, string To, bool Optional);

/// <summary>A part of the dependency graph.</summary>
/// <param name="Nodes">Services.</param>
/// <param name="Edges">Dependencies between them.</param>
/// <param name="Truncated">True when there is more than could be shown.</param>
public sealed record DependencyGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, bool Truncated);

/// <summary>
/// The dependency graph around a service, as far as the caller may see it: what a service he may see depends on is named, as its declaration
/// names it, but nothing else is told of it.
/// </summary>
public sealed class GraphQuery(FleetGraph graph, FleetQuery fleet)
{
    private const int MostNodes = 200;

    /// <summary>The services within some steps of one, either way; null when that one is not declared.</summary>
    public DependencyGraph? Around(ObjectKey center, int steps)
    {
        if (!IsVisible(center))
        {
            return null;
        }

        var distances = new Dictionary<ObjectKey, int> { [center] = 0 };
        Walk(distances, center, steps, sign: -1, key => IsVisible(key) ? graph.CallersOf(key).Select(caller => caller.Metadata.Key).Where(IsVisible) : []);
        Walk(distances, center, steps, sign: +1, Dependencies);
        return new(
            [.. distances.OrderBy(entry => entry.Value).ThenBy(entry => entry.Key, ObjectKey.ListOrder).Select(entry => Node(entry.Key, entry.Value))],
            [.. distances.Keys.SelectMany(key => Edges(key, distances))],
            distances.Count >= MostNodes);
    }

    private bool IsVisible(ObjectKey key) => fleet.Find(key) is not null;

    private IEnumerable<ObjectKey> Dependencies(ObjectKey key) => IsVisible(key) && graph.Find(key) is { } service
        ? service.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service))
        : [];

    private static void Walk(Dictionary<ObjectKey, int> distances, ObjectKey from, int steps, int sign, Func<ObjectKey, IEnumerable<ObjectKey>> next)
    {
        IReadOnlyList<ObjectKey> frontier = [from];
        for (var step = 1; step <= steps && frontier.Count > 0; step++)
        {
            frontier = [.. frontier.SelectMany(next).Distinct().Where(key => distances.Count < MostNodes && distances.TryAdd(key, sign * step))];
        }
    }

    private GraphNode Node(ObjectKey key, int distance)
    {
        var summary = fleet.Find(key);
        return new(key.Namespace, key.Name, summary?.Tier, summary?.Health, distance);
    }

    private IEnumerable<GraphEdge> Edges(ObjectKey key, Dictionary<ObjectKey, int> known) => IsVisible(key) && graph.Find(key) is { } service
        ? service.Spec.DependsOn
            .Where(dependency => known.ContainsKey(dependency.KeyFrom(service)))
            .Select(dependency => new GraphEdge(key.ToString(), dependency.KeyFrom(service).ToString(), dependency.Optional))
        : [];
}
