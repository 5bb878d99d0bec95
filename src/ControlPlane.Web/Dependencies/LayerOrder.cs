namespace ControlPlane.Web.Dependencies;

/// <summary>Orders the nodes of each layer so that few edges cross: sweeps by barycentre, of which the best is kept.</summary>
internal static class LayerOrder
{
    private const int Sweeps = 12;

    /// <summary>Reorders the layers of a graph.</summary>
    public static void Improve(LayeredGraph graph)
    {
        var best = Copy(graph);
        var fewest = Crossings(graph);
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            Sweep(graph, rightwards: sweep % 2 == 0);
            var crossings = Crossings(graph);
            if (crossings < fewest)
            {
                (best, fewest) = (Copy(graph), crossings);
            }
        }

        for (var layer = 0; layer < best.Length; layer++)
        {
            best[layer].CopyTo(graph.Layers[layer], 0);
        }
    }

    /// <summary>How many pairs of edges cross.</summary>
    public static int Crossings(LayeredGraph graph)
    {
        var place = Places(graph);
        var crossings = 0;
        foreach (var layer in graph.Layers)
        {
            // Edges by their left end, then an edge crosses each earlier one that ends further down.
            var ends = layer.SelectMany(node => graph.Right(node).Select(next => place[next]).Order()).ToList();
            var seen = new List<int>(ends.Count);
            foreach (var end in ends)
            {
                var at = seen.BinarySearch(end);
                at = at < 0 ? ~at : at;
                while (at < seen.Count && seen[at] == end)
                {
                    at++;
                }

                crossings += seen.Count - at;
                seen.Insert(at, end);
            }
        }

        return crossings;
    }

    private static void Sweep(LayeredGraph graph, bool rightwards)
    {
        var place = Places(graph);
        foreach (var layer in rightwards ? graph.Layers : graph.Layers.Reverse())
        {
            var weights = layer.ToDictionary(node => node, node =>
            {
                var fixedOnes = rightwards ? graph.Left(node) : graph.Right(node);
                return fixedOnes.Count == 0 ? place[node] : fixedOnes.Average(other => place[other]);
            });
            var sorted = layer.OrderBy(node => weights[node]).ToArray(); // stable: equal ones stay as they are
            sorted.CopyTo(layer, 0);
            for (var i = 0; i < layer.Length; i++)
            {
                place[layer[i]] = i;
            }
        }
    }

    private static Dictionary<int, int> Places(LayeredGraph graph) =>
        graph.Layers.SelectMany(layer => layer.Select((node, at) => (node, at))).ToDictionary(pair => pair.node, pair => pair.at);

    private static int[][] Copy(LayeredGraph graph) => [.. graph.Layers.Select(layer => layer.ToArray())];
}
