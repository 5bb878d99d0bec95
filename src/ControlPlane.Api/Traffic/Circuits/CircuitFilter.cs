namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>By what a list of circuits is sorted.</summary>
public enum CircuitSort
{
    /// <summary>Worst first.</summary>
    State,

    /// <summary>Namespace, then service.</summary>
    Namespace,

    /// <summary>Service.</summary>
    Service,

    /// <summary>Team.</summary>
    Team,

    /// <summary>Those that changed last come last.</summary>
    Since,

    /// <summary>Number of changes.</summary>
    Changes,
}

/// <summary>Which circuits a list shows, and in which order. Empty means all.</summary>
public sealed record CircuitFilter
{
    /// <summary>Words that service, namespace, team or policy contain, all of them. Case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>Teams.</summary>
    public IReadOnlyCollection<string> Teams { get; init; } = [];

    /// <summary>States.</summary>
    public IReadOnlyCollection<CircuitStanding> States { get; init; } = [];

    /// <summary>Order.</summary>
    public CircuitSort Sort { get; init; }

    /// <summary>The other way round.</summary>
    public bool Descending { get; init; }

    /// <summary>True when it leaves any circuit out.</summary>
    public bool IsNarrow => !string.IsNullOrWhiteSpace(Text) || Namespaces.Count + Teams.Count + States.Count > 0;

    /// <summary>Those of a list that it lets through, in its order.</summary>
    public IReadOnlyList<CircuitSummary> Choose(IEnumerable<CircuitSummary> circuits)
    {
        Comparison<CircuitSummary> by = Sort switch
        {
            CircuitSort.State => static (a, b) => a.State.CompareTo(b.State),
            CircuitSort.Service => static (a, b) => string.CompareOrdinal(a.Service, b.Service),
            CircuitSort.Team => static (a, b) => string.CompareOrdinal(a.Team, b.Team),
            CircuitSort.Since => static (a, b) => Nullable.Compare(a.Since, b.Since),
            CircuitSort.Changes => static (a, b) => a.Changes.CompareTo(b.Changes),
            _ => ByKey,
        };
        var sign = Descending ? -1 : 1;
        return [.. circuits.Where(Matches).Order(Comparer<CircuitSummary>.Create((a, b) => sign * by(a, b) is var order && order != 0 ? order : ByKey(a, b)))];
    }

    private bool Matches(CircuitSummary circuit) =>
        (Namespaces.Count == 0 || Namespaces.Contains(circuit.Namespace))
        && (Teams.Count == 0 || Teams.Contains(circuit.Team))
        && (States.Count == 0 || States.Contains(circuit.State))
        && (Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Has(circuit.Service, word) || Has(circuit.Namespace, word) || Has(circuit.Team, word) || Has(circuit.Policy, word));

    private static int ByKey(CircuitSummary a, CircuitSummary b) => ControlPlane.Kubernetes.Resources.ObjectKey.ListOrder.Compare(a.Key, b.Key);

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
