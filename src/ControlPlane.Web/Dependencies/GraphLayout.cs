using System.Globalization;
using System.Text;
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
    private const double Margin = 8;
    private const double PassingHeight = 10;

    /// <summary>Lays out a graph. The same graph always gives the same picture.</summary>
    public static GraphLayout Of(DependencyGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var scale = GraphScale.For(graph.Nodes.Count);
        var index = graph.Nodes.Select((node, i) => ($"{node.Namespace}/{node.Name}", i)).ToDictionary();
        var edges = graph.Edges.Where(edge => edge.From != edge.To && index.ContainsKey(edge.From) && index.ContainsKey(edge.To)).ToList();
        var layered = new LayeredGraph(graph.Nodes.Count, [.. edges.Select(edge => (index[edge.From], index[edge.To]))]);
        LayerOrder.Improve(layered);
        var middle = LayerPlacement.Place(layered, node => node < layered.RealNodes ? scale.NodeHeight + scale.Above : PassingHeight);

        double Left(int node) => Margin + (layered.LayerOf(node) * (scale.NodeWidth + scale.Between));
        var nodes = graph.Nodes
            .Select((node, i) => new PlacedNode(node, Left(i), Margin + middle[i] - (scale.NodeHeight / 2), layered.LayerOf(i)))
            .OrderBy(node => node.Layer).ThenBy(node => node.Y)
            .ToList();
        return new(
            nodes,
            [.. edges.Select((edge, i) => Place(edge, layered.Chains[i], index, node => (Left(node), Margin + middle[node]), scale))],
            (2 * Margin) + nodes.Max(node => node.X) + scale.NodeWidth - Margin,
            (2 * Margin) + middle.Max() + ((scale.NodeHeight + scale.Above) / 2),
            scale);
    }

    private static PlacedEdge Place(GraphEdge edge, IReadOnlyList<int> chain, Dictionary<string, int> index, Func<int, (double X, double Y)> at, GraphScale scale)
    {
        // Within a layer the edge runs level, so that it passes between the nodes there.
        List<(double X, double Y)> points = [.. chain.SelectMany(node => ((double, double)[])[at(node), (at(node).X + scale.NodeWidth, at(node).Y)])];
        points = points[1..^1];
        var leadsBack = chain[0] != index[edge.From];
        if (leadsBack)
        {
            points.Reverse();
        }

        return new(edge, Path(points), leadsBack);
    }

    private static string Path(List<(double X, double Y)> points)
    {
        var path = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"M{points[0].X:0.#} {points[0].Y:0.#}"));
        for (var i = 1; i < points.Count; i++)
        {
            var ((x, y), (toX, toY)) = (points[i - 1], points[i]);
            var bend = (x + toX) / 2;
            path.Append(CultureInfo.InvariantCulture, $"C{bend:0.#} {y:0.#} {bend:0.#} {toY:0.#} {toX:0.#} {toY:0.#}");
        }

        return path.ToString();
    }
}
