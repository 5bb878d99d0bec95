using System.Globalization;
using System.Text;

namespace ControlPlane.Web.Dependencies;

/// <summary>Where the nodes and edges of a graph are in its picture: whoever calls to the left, what is called to the right. Nodes and edges are numbered as they were given.</summary>
/// <param name="Nodes">Left edge, top edge and layer of each node.</param>
/// <param name="Edges">SVG path of each edge, from the caller to what it calls; it leads back, from right to left, where it closes a cycle.</param>
/// <param name="Width">Width, in pixels.</param>
/// <param name="Height">Height.</param>
internal sealed record LayeredPicture(
    IReadOnlyList<(double X, double Y, int Layer)> Nodes, IReadOnlyList<(string Path, bool LeadsBack)> Edges, double Width, double Height)
{
    private const double Margin = 8;
    private const double PassingHeight = 10;

    /// <summary>Lays out a graph of so many nodes, at least one, whose edges join two different nodes. The same graph always gives the same picture.</summary>
    public static LayeredPicture Of(int nodes, IReadOnlyList<(int From, int To)> edges, GraphScale scale)
    {
        var layered = new LayeredGraph(nodes, edges);
        LayerOrder.Improve(layered);
        var middle = LayerPlacement.Place(layered, node => node < layered.RealNodes ? scale.NodeHeight + scale.Above : PassingHeight);

        double Left(int node) => Margin + (layered.LayerOf(node) * (scale.NodeWidth + scale.Between));
        var placed = Enumerable.Range(0, nodes).Select(node => (X: Left(node), Y: Margin + middle[node] - (scale.NodeHeight / 2), Layer: layered.LayerOf(node))).ToList();
        return new(
            placed,
            [.. edges.Select((edge, i) => Place(edge.From, layered.Chains[i], node => (Left(node), Margin + middle[node]), scale))],
            (2 * Margin) + placed.Max(node => node.X) + scale.NodeWidth - Margin,
            (2 * Margin) + middle.Max() + ((scale.NodeHeight + scale.Above) / 2));
    }

    private static (string Path, bool LeadsBack) Place(int from, IReadOnlyList<int> chain, Func<int, (double X, double Y)> at, GraphScale scale)
    {
        // Within a layer the edge runs level, so that it passes between the nodes there.
        List<(double X, double Y)> points = [.. chain.SelectMany(node => ((double, double)[])[at(node), (at(node).X + scale.NodeWidth, at(node).Y)])];
        points = points[1..^1];
        var leadsBack = chain[0] != from;
        if (leadsBack)
        {
            points.Reverse();
        }

        return (Path(points), leadsBack);
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
