using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Traffic.Limits;

/// <summary>By what a list of limits is sorted.</summary>
public enum LimitSort
{
    /// <summary>Worst first, and of these the most used.</summary>
    State,

    /// <summary>Namespace, then service, then name.</summary>
    Namespace,

    /// <summary>Service.</summary>
    Service,

    /// <summary>Name of the limit.</summary>
    Name,

    /// <summary>Use by the busiest caller.</summary>
    Use,

    /// <summary>Requests refused.</summary>
    Refused,

    /// <summary>Callers that are limited.</summary>
    Limited,
}

/// <summary>Which limits a list shows, and in which order. Empty means all.</summary>
public sealed record LimitFilter
{
    /// <summary>Words that service, namespace, team, name or policy contain, all of them. Case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>Services.</summary>
    public IReadOnlyCollection<string> Services { get; init; } = [];

    /// <summary>States.</summary>
    public IReadOnlyCollection<LimitStanding> States { get; init; } = [];

    /// <summary>Order.</summary>
    public LimitSort Sort { get; init; }

    /// <summary>The other way round.</summary>
    public bool Descending { get; init; }

    /// <summary>True when it leaves any limit out.</summary>
    public bool IsNarrow => !string.IsNullOrWhiteSpace(Text) || Namespaces.Count + Services.Count + States.Count > 0;

    /// <summary>Those of a list that it lets through, in its order.</summary>
    public IReadOnlyList<LimitSummary> Choose(IEnumerable<LimitSummary> limits)
    {
        Comparison<LimitSummary> by = Sort switch
        {
            LimitSort.State => static (a, b) => a.State != b.State ? a.State.CompareTo(b.State) : b.Use.CompareTo(a.Use),
            LimitSort.Service => static (a, b) => string.CompareOrdinal(a.Service, b.Service),
            LimitSort.Name => static (a, b) => string.CompareOrdinal(a.Name, b.Name),
            LimitSort.Use => static (a, b) => a.Use.CompareTo(b.Use),
            LimitSort.Refused => static (a, b) => a.Refused.CompareTo(b.Refused),
            LimitSort.Limited => static (a, b) => a.Limited.CompareTo(b.Limited),
            _ => ByKey,
        };
        var sign = Descending ? -1 : 1;
        return [.. limits.Where(Matches).Order(Comparer<LimitSummary>.Create((a, b) => sign * by(a, b) is var order && order != 0 ? order : ByKey(a, b)))];
    }

    private bool Matches(LimitSummary limit) =>
        (Namespaces.Count == 0 || Namespaces.Contains(limit.Namespace))
        && (Services.Count == 0 || Services.Contains(limit.Service))
        && (States.Count == 0 || States.Contains(limit.State))
        && (Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => new[] { limit.Service, limit.Namespace, limit.Team, limit.Name, limit.Policy }.Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static int ByKey(LimitSummary a, LimitSummary b) =>
        ObjectKey.ListOrder.Compare(new(a.Namespace, a.Service), new(b.Namespace, b.Service)) is var order && order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
}
