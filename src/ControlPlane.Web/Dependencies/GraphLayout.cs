using ControlPlane.Api.Fleet;

namespace ControlPlane.Web.Dependencies;

/// <summary>Sizes of a picture, in pixels.</summary>
/// <param name="NodeWidth">Width of a node.</param>
/// <param name="NodeHeight">Height of a node.</param>
/// <param name="Above">Space between a node and the next below it.</param>
/// <param name="Between">Space between layers.</param>
internal sealed record GraphScale(double NodeWidth, double NodeHeight, double Above, double Between)
{
    /// <summary>For as many nodes as fit a screen.</summary>
    public static GraphScale Roomy { get; } = new(176, 44, 16, 88);

    /// <summary>For up to hundreds.</summary>
    public static GraphScale Dense { get; } = new(152, 26, 6, 72);

    /// <summary>The scale for a number of nodes.</summary>
    public static GraphScale For(int nodes) => nodes <= 40 ? Roomy : Dense;
}

/// <summary>A node in its place.</summary>
/// <param name="Node">The service.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Layer">Layer, from the left.</param>
internal sealed record PlacedNode(GraphNode Node, double X, double Y, int Layer)
{
    /// <summary>Namespace and name.</summary>
    public string Key => $"{Node.Namespace}/{Node.Name}";
}

/// <summary>An edge in its place.</summary>
/// <param name="Edge">The dependency.</param>
/// <param name="Path">SVG path from the caller to what it calls.</param>
/// <param name="LeadsBack">True when it closes a cycle, and so leads from right to left.</param>
internal sealed record PlacedEdge(GraphEdge Edge, string Path, bool LeadsBack);

/// <summary>A picture of a dependency graph: callers to the left, what they call to the right.</summary>
internal sealed record GraphLayout(IReadOnlyList<PlacedNode> Nodes, IReadOnlyList<PlacedEdge> Edges, double Width, double Height, GraphScale Scale)
{
    /// <summary>Lays out a graph. The same graph always gives the same picture.</summary>
    public static GraphLayout Of(DependencyGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scale = GraphScale.For(graph.Nodes.Count);
        var index = graph.Nodes.Select((node, i) => ($"{node.Namespace}/{node.Name}", i)).ToDictionary();
        var edges = graph.Edges.Where(edge => edge.From != edge.To && index.ContainsKey(edge.From) && index.ContainsKey(edge.To)).ToList();
        var places = LayeredPicture.Of(graph.Nodes.Count, [.. edges.Select(edge => (index[edge.From], index[edge.To]))], scale);
        return new(
            [
                .. graph.Nodes.Select((node, i) => new PlacedNode(node, places.Nodes[i].X, places.Nodes[i].Y, places.Nodes[i].Layer))
                    .OrderBy(node => node.Layer).ThenBy(node => node.Y),
            ],
            [.. edges.Select((edge, i) => new PlacedEdge(edge, places.Edges[i].Path, places.Edges[i].LeadsBack))],
            places.Width,
            places.Height,
            scale);
    }
}
