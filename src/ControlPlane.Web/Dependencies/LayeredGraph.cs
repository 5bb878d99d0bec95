namespace ControlPlane.Web.Dependencies;

/// <summary>
/// A graph whose every edge leads one layer to the right: nodes 0…N-1 are those of the caller's graph, later ones stand where a long edge
/// passes a layer. The common form that ordering and placing work on (Sugiyama, Tagawa and Toda 1981).
/// </summary>
internal sealed class LayeredGraph
{
    private readonly List<int> _layerOf;
    private readonly List<List<int>> _left = [];
    private readonly List<List<int>> _right = [];

    /// <summary>Divides nodes over layers so that all edges lead to the right, and long edges into short ones.</summary>
    /// <param name="count">Number of nodes.</param>
    /// <param name="edges">Edges; those that close a cycle are taken the other way round.</param>
    public LayeredGraph(int count, IReadOnlyList<(int From, int To)> edges)
    {
        RealNodes = count;
        var forward = Acyclic(count, edges);
        _layerOf = [.. Layer(count, forward)];
        for (var node = 0; node < count; node++)
        {
            _left.Add([]);
            _right.Add([]);
        }

        Chains = [.. forward.Select(Chain)];
        Layers = [.. Enumerable.Range(0, _layerOf.Count == 0 ? 0 : _layerOf.Max() + 1).Select(layer => Enumerable.Range(0, _layerOf.Count).Where(node => _layerOf[node] == layer).ToArray())];
    }

    /// <summary>Number of nodes that are the caller's.</summary>
    public int RealNodes { get; }

    /// <summary>Nodes of each layer, from left to right; the order within a layer is the order from top to bottom.</summary>
    public IReadOnlyList<int[]> Layers { get; }

    /// <summary>For each edge the nodes that it passes, from left to right, ends included.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Chains { get; }

    /// <summary>Layer of a node.</summary>
    public int LayerOf(int node) => _layerOf[node];

    /// <summary>Neighbours in the layer to the left.</summary>
    public IReadOnlyList<int> Left(int node) => _left[node];

    /// <summary>Neighbours in the layer to the right.</summary>
    public IReadOnlyList<int> Right(int node) => _right[node];

    /// <summary>Turns round the edges that lead back to a node on the way to them, by depth-first search.</summary>
    private static List<(int From, int To)> Acyclic(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var targets = edges.ToLookup(edge => edge.From, edge => edge.To);
        var state = new byte[count]; // 0 not seen, 1 on the way, 2 done
        var back = new HashSet<(int, int)>();
        for (var start = 0; start < count; start++)
        {
            if (state[start] == 0)
            {
                Visit(start);
            }
        }

        return [.. edges.Select(edge => back.Contains(edge) ? (edge.To, edge.From) : edge)];

        void Visit(int root)
        {
            var way = new Stack<(int Node, IEnumerator<int> Targets)>();
            Enter(root);
            while (way.TryPeek(out var at))
            {
                if (!at.Targets.MoveNext())
                {
                    state[at.Node] = 2;
                    way.Pop();
                }
                else if (state[at.Targets.Current] == 1)
                {
                    back.Add((at.Node, at.Targets.Current));
                }
                else if (state[at.Targets.Current] == 0)
                {
                    Enter(at.Targets.Current);
                }
            }

            void Enter(int node)
            {
                state[node] = 1;
                way.Push((node, targets[node].GetEnumerator()));
            }
        }
    }

    /// <summary>Longest path from the left; then what nobody calls is pulled next to what it calls.</summary>
    private static int[] Layer(int count, List<(int From, int To)> edges)
    {
        var layer = new int[count];
        var (from, to) = (edges.ToLookup(edge => edge.From, edge => edge.To), edges.ToLookup(edge => edge.To, edge => edge.From));
        var missing = Enumerable.Range(0, count).Select(node => to[node].Count()).ToArray();
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(node => missing[node] == 0));
        while (ready.TryDequeue(out var node))
        {
            foreach (var next in from[node])
            {
                layer[next] = Math.Max(layer[next], layer[node] + 1);
                if (--missing[next] == 0)
                {
                    ready.Enqueue(next);
                }
            }
        }

        foreach (var node in Enumerable.Range(0, count).Where(node => !to[node].Any() && from[node].Any()))
        {
            layer[node] = from[node].Min(next => layer[next]) - 1;
        }

        return layer;
    }

    private List<int> Chain((int From, int To) edge)
    {
        List<int> chain = [edge.From];
        for (var layer = _layerOf[edge.From] + 1; layer < _layerOf[edge.To]; layer++)
        {
            chain.Add(_layerOf.Count);
            _layerOf.Add(layer);
            _left.Add([]);
            _right.Add([]);
        }

        chain.Add(edge.To);
        for (var i = 1; i < chain.Count; i++)
        {
            _right[chain[i - 1]].Add(chain[i]);
            _left[chain[i]].Add(chain[i - 1]);
        }

        return chain;
    }
}
