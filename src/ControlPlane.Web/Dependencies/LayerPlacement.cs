namespace ControlPlane.Web.Dependencies;

/// <summary>
/// Places the nodes of each layer from top to bottom: as near to their neighbours as the order and the space between nodes allow. What each
/// layer wants is the least sum of squares under a fixed order, which pooling adjacent violators finds exactly.
/// </summary>
internal static class LayerPlacement
{
    private const int Passes = 8;

    /// <summary>Middle of each node, from 0 downwards.</summary>
    /// <param name="graph">The graph, in order.</param>
    /// <param name="heightOf">Height that a node takes, space included.</param>
    public static double[] Place(LayeredGraph graph, Func<int, double> heightOf)
    {
        var middle = new double[graph.Layers.Sum(layer => layer.Length)];
        foreach (var layer in graph.Layers)
        {
            var offsets = Offsets(layer, heightOf);
            var half = (offsets.Length == 0 ? 0 : offsets[^1]) / 2;
            for (var i = 0; i < layer.Length; i++)
            {
                middle[layer[i]] = offsets[i] - half;
            }
        }

        for (var pass = 0; pass < Passes; pass++)
        {
            var rightwards = pass % 2 == 0;
            foreach (var layer in rightwards ? graph.Layers : graph.Layers.Reverse())
            {
                PlaceLayer(layer, Offsets(layer, heightOf), node => Wanted(graph, node, rightwards, middle), middle);
            }
        }

        var top = graph.Layers.SelectMany(layer => layer).Select(node => middle[node] - (heightOf(node) / 2)).DefaultIfEmpty(0).Min();
        return [.. middle.Select(y => y - top)];
    }

    private static double Wanted(LayeredGraph graph, int node, bool rightwards, double[] middle)
    {
        var (near, far) = rightwards ? (graph.Left(node), graph.Right(node)) : (graph.Right(node), graph.Left(node));
        var neighbours = near.Count > 0 ? near : far;
        return neighbours.Count == 0 ? middle[node] : neighbours.Average(other => middle[other]);
    }

    /// <summary>Least distance of each node's middle from that of the first.</summary>
    private static double[] Offsets(int[] layer, Func<int, double> heightOf)
    {
        var offsets = new double[layer.Length];
        for (var i = 1; i < layer.Length; i++)
        {
            offsets[i] = offsets[i - 1] + ((heightOf(layer[i - 1]) + heightOf(layer[i])) / 2);
        }

        return offsets;
    }

    private static void PlaceLayer(int[] layer, double[] offsets, Func<int, double> wanted, double[] middle)
    {
        var pools = new Stack<(double Sum, int Count)>();
        for (var i = 0; i < layer.Length; i++)
        {
            var pool = (Sum: wanted(layer[i]) - offsets[i], Count: 1);
            while (pools.TryPeek(out var above) && above.Sum / above.Count > pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + above.Sum, pool.Count + above.Count);
            }

            pools.Push(pool);
        }

        var at = layer.Length;
        foreach (var (sum, count) in pools)
        {
            for (var i = 0; i < count; i++)
            {
                at--;
                middle[layer[at]] = offsets[at] + (sum / count);
            }
        }
    }
}
