namespace ControlPlane.Api.Traffic;

/// <summary>By what a list of policies is sorted.</summary>
public enum PolicySort
{
    /// <summary>Namespace, then name, then kind.</summary>
    Namespace,

    /// <summary>Name.</summary>
    Name,

    /// <summary>Kind.</summary>
    Kind,

    /// <summary>Worst first.</summary>
    State,

    /// <summary>Services that it applies to.</summary>
    Targets,

    /// <summary>Newest last.</summary>
    Created,
}

/// <summary>Which policies a list shows, and in which order. Empty means all.</summary>
public sealed record PolicyFilter
{
    /// <summary>Words that name, namespace, kind or message contain, all of them. Case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>Kinds.</summary>
    public IReadOnlyCollection<string> Kinds { get; init; } = [];

    /// <summary>Namespaces.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>States.</summary>
    public IReadOnlyCollection<PolicyState> States { get; init; } = [];

    /// <summary>Order.</summary>
    public PolicySort Sort { get; init; }

    /// <summary>The other way round.</summary>
    public bool Descending { get; init; }

    /// <summary>True when it leaves any policy out.</summary>
    public bool IsNarrow => !string.IsNullOrWhiteSpace(Text) || Kinds.Count + Namespaces.Count + States.Count > 0;

    internal bool Matches(PolicySummary policy) =>
        (Kinds.Count == 0 || Kinds.Contains(policy.Kind))
        && (Namespaces.Count == 0 || Namespaces.Contains(policy.Namespace))
        && (States.Count == 0 || States.Contains(policy.State))
        && (Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Has(policy.Name, word) || Has(policy.Namespace, word) || Has(policy.Kind, word) || Has(policy.Message, word));

    internal IComparer<PolicySummary> Order()
    {
        Comparison<PolicySummary> by = Sort switch
        {
            PolicySort.Name => static (a, b) => string.CompareOrdinal(a.Name, b.Name),
            PolicySort.Kind => static (a, b) => string.CompareOrdinal(a.Kind, b.Kind),
            PolicySort.State => static (a, b) => a.State.CompareTo(b.State),
            PolicySort.Targets => static (a, b) => a.Matched.CompareTo(b.Matched),
            PolicySort.Created => static (a, b) => Nullable.Compare(a.Created, b.Created),
            _ => static (a, b) => 0,
        };
        var sign = Descending ? -1 : 1;
        return Comparer<PolicySummary>.Create((a, b) => sign * by(a, b) is var order && order != 0 ? order : ByKey(a, b) * (Sort == PolicySort.Namespace ? sign : 1));
    }

    private static int ByKey(PolicySummary a, PolicySummary b) =>
        string.CompareOrdinal(a.Namespace, b.Namespace) is var byNamespace && byNamespace != 0 ? byNamespace
        : string.CompareOrdinal(a.Name, b.Name) is var byName && byName != 0 ? byName
        : string.CompareOrdinal(a.Kind, b.Kind);

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
