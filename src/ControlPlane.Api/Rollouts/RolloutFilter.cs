using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>By what a list of rollouts is sorted.</summary>
public enum RolloutSort
{
    /// <summary>Those that need a person first: failed, waiting for an approval, held, paused, on their way, at rest.</summary>
    Urgency,

    /// <summary>Namespace, then name.</summary>
    Namespace,

    /// <summary>Name.</summary>
    Name,

    /// <summary>Phase, in the order of a rollout's life.</summary>
    Phase,

    /// <summary>Per cent of the requests that are to go to the canary.</summary>
    Weight,

    /// <summary>Those that have stood as they stand for the shortest time come last.</summary>
    Since,

    /// <summary>When the revision of now set out; those without one come first.</summary>
    Started,
}

/// <summary>Which rollouts a list shows, and in which order. Empty means all.</summary>
public sealed record RolloutFilter
{
    /// <summary>Words that name, namespace, a service, revision or message contain, all of them. Case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>Namespaces.</summary>
    public IReadOnlyCollection<string> Namespaces { get; init; } = [];

    /// <summary>Phases.</summary>
    public IReadOnlyCollection<RolloutPhase> Phases { get; init; } = [];

    /// <summary>Names of services that a rollout moves.</summary>
    public IReadOnlyCollection<string> Services { get; init; } = [];

    /// <summary>Kinds of holds, as <see cref="RolloutHoldTypes"/> has them.</summary>
    public IReadOnlyCollection<string> HoldTypes { get; init; } = [];

    /// <summary>True for those that something holds, false for the others; null for both.</summary>
    public bool? Held { get; init; }

    /// <summary>Order.</summary>
    public RolloutSort Sort { get; init; }

    /// <summary>The other way round.</summary>
    public bool Descending { get; init; }

    /// <summary>True when it leaves any rollout out.</summary>
    public bool IsNarrow => !string.IsNullOrWhiteSpace(Text) || Namespaces.Count + Phases.Count + Services.Count + HoldTypes.Count > 0 || Held is not null;

    /// <summary>Those of a list that it lets through, in its order. Equal ones are told apart by their key, so that pages never repeat or miss one.</summary>
    public IReadOnlyList<RolloutSummary> Choose(IEnumerable<RolloutSummary> rollouts)
    {
        Comparison<RolloutSummary> by = Sort switch
        {
            RolloutSort.Urgency => static (a, b) => Urgency(a).CompareTo(Urgency(b)),
            RolloutSort.Name => static (a, b) => string.CompareOrdinal(a.Name, b.Name),
            RolloutSort.Phase => static (a, b) => Nullable.Compare(a.Phase, b.Phase),
            RolloutSort.Weight => static (a, b) => a.Weight.CompareTo(b.Weight),
            RolloutSort.Since => static (a, b) => Nullable.Compare(a.Since, b.Since),
            RolloutSort.Started => static (a, b) => Nullable.Compare(a.StartedAt, b.StartedAt),
            _ => ByKey,
        };
        var sign = Descending ? -1 : 1;
        return [.. rollouts.Where(Matches).Order(Comparer<RolloutSummary>.Create((a, b) => sign * by(a, b) is var order && order != 0 ? order : ByKey(a, b)))];
    }

    private bool Matches(RolloutSummary rollout) =>
        (Namespaces.Count == 0 || Namespaces.Contains(rollout.Namespace))
        && (Phases.Count == 0 || (rollout.Phase is { } phase && Phases.Contains(phase)))
        && (Services.Count == 0 || rollout.Services.Any(Services.Contains))
        && (HoldTypes.Count == 0 || rollout.Holds.Any(hold => HoldTypes.Contains(hold.Type)))
        && (Held is not { } held || rollout.IsHeld == held)
        && (Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            Has(rollout.Name, word) || Has(rollout.Namespace, word) || rollout.Services.Any(service => Has(service, word))
            || Has(rollout.CanaryRevision, word) || Has(rollout.StableRevision, word) || Has(rollout.Message, word));

    private static int Urgency(RolloutSummary rollout) => rollout switch
    {
        { Phase: RolloutPhase.Degraded } => 0,
        { Phase: RolloutPhase.RollingBack } => 1,
        { WaitsForApproval: true } => 2,
        { IsHeld: true } => 3,
        { Phase: RolloutPhase.Paused } => 4,
        { Phase: RolloutPhase.Promoting or RolloutPhase.Progressing } => 5,
        { Phase: null } => 6,
        _ => 7,
    };

    private static int ByKey(RolloutSummary a, RolloutSummary b) => ObjectKey.ListOrder.Compare(a.Key, b.Key);

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
