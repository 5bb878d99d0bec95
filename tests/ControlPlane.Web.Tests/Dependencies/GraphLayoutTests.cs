using ControlPlane.Api.Fleet;
using ControlPlane.Web.Dependencies;
using CsCheck;

namespace ControlPlane.Web.Tests.Dependencies;

public class GraphLayoutTests
{
    private static readonly Gen<DependencyGraph> Graphs =
        from count in Gen.Int[1, 30]
        from edges in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1]).Array[0, 60]
        select Graph(count, edges.Distinct());

    [Fact]
    public void No_service_lies_over_another() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph);

        foreach (var layer in layout.Nodes.GroupBy(node => node.X))
        {
            var tops = layer.Select(node => node.Y).Order().ToList();
            Assert.All(tops.Zip(tops.Skip(1)), pair => Assert.True(pair.Second - pair.First >= layout.Scale.NodeHeight, $"{pair.First} and {pair.Second} overlap"));
        }
    });

    [Fact]
    public void Every_service_is_inside_of_the_picture() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph);

        Assert.Equal(graph.Nodes.Count, layout.Nodes.Count);
        Assert.All(layout.Nodes, node =>
        {
            Assert.InRange(node.X, 0, layout.Width - layout.Scale.NodeWidth);
            Assert.InRange(node.Y, 0, layout.Height - layout.Scale.NodeHeight);
        });
    });

    [Fact]
    public void Callers_are_left_of_what_they_call_unless_a_cycle_closes() => Graphs.Sample(graph =>
    {
        var layout = GraphLayout.Of(graph);
        var layer = layout.Nodes.ToDictionary(node => node.Key, node => node.Layer);

        Assert.All(layout.Edges, edge => Assert.Equal(edge.LeadsBack, layer[edge.Edge.From] > layer[edge.Edge.To]));
    });

    [Fact]
    public void Without_a_cycle_nothing_leads_back() => Graphs.Sample(graph =>
    {
        var onward = graph with { Edges = [.. graph.Edges.Where(edge => string.CompareOrdinal(edge.From, edge.To) < 0)] };

        Assert.DoesNotContain(GraphLayout.Of(onward).Edges, edge => edge.LeadsBack);
    });

    [Fact]
    public void The_same_graph_gives_the_same_picture() => Graphs.Sample(graph =>
        Assert.Equal(GraphLayout.Of(graph).Nodes, GraphLayout.Of(graph).Nodes));

    [Fact]
    public void Ordering_never_adds_a_crossing() => Graphs.Sample(graph =>
    {
        var index = graph.Nodes.Select((node, i) => ($"{node.Namespace}/{node.Name}", i)).ToDictionary();
        var edges = graph.Edges.Where(edge => edge.From != edge.To).Select(edge => (index[edge.From], index[edge.To])).ToList();
        var layered = new LayeredGraph(graph.Nodes.Count, edges);
        var before = CrossingsOneByOne(layered);

        LayerOrder.Improve(layered);

        Assert.True(CrossingsOneByOne(layered) <= before);
        Assert.Equal(CrossingsOneByOne(layered), LayerOrder.Crossings(layered));
    });

    [Fact]
    public void Two_edges_that_cross_are_untangled()
    {
        var layered = new LayeredGraph(4, [(0, 3), (1, 2)]);
        Assert.Equal(1, LayerOrder.Crossings(layered));

        LayerOrder.Improve(layered);

        Assert.Equal(0, LayerOrder.Crossings(layered));
    }

    private static DependencyGraph Graph(int count, IEnumerable<(int From, int To)> edges) => new(
        [.. Enumerable.Range(0, count).Select(i => new GraphNode("shop", Name(i), Tier: null, Health: null, Distance: 0))],
        [.. edges.Select(edge => new GraphEdge($"shop/{Name(edge.From)}", $"shop/{Name(edge.To)}", Optional: false))],
        Truncated: false);

    private static string Name(int i) => $"service-{i:00}";

    /// <summary>The definition: pairs of edges between two layers whose ends are in opposite order.</summary>
    private static int CrossingsOneByOne(LayeredGraph graph)
    {
        var place = graph.Layers.SelectMany(layer => layer.Select((node, at) => (node, at))).ToDictionary(pair => pair.node, pair => pair.at);
        return graph.Layers.Sum(layer =>
        {
            var edges = layer.SelectMany(node => graph.Right(node).Select(next => (From: place[node], To: place[next]))).ToList();
            return edges.SelectMany((edge, i) => edges.Skip(i + 1).Where(other => (edge.From - other.From) * (edge.To - other.To) < 0)).Count();
        });
    }
}
