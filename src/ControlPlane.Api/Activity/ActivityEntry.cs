namespace ControlPlane.Api.Activity;

/// <summary>What sort of thing happened.</summary>
public enum ActivityKind
{
    /// <summary>An operator looked at a service.</summary>
    Reconcile,

    /// <summary>An operator wrote to the cluster.</summary>
    Change,

    /// <summary>The cluster reported an event.</summary>
    Event,
}

/// <summary>How much attention it deserves.</summary>
public enum ActivitySeverity
{
    /// <summary>As it should be.</summary>
    Normal,

    /// <summary>Somebody should look.</summary>
    Warning,
}

/// <summary>Something that happened.</summary>
public sealed record ActivityEntry
{
    /// <summary>Counts entries of this process, from 1. Gaps mean entries that were dropped for their age.</summary>
    public long Sequence { get; init; }

    /// <summary>When (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What sort of thing.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>How much attention it deserves.</summary>
    public required ActivitySeverity Severity { get; init; }

    /// <summary>Namespace of the object.</summary>
    public required string Namespace { get; init; }

    /// <summary>Service that it is about; null when it is about none.</summary>
    public string? Service { get; init; }

    /// <summary>The object, as <c>Kind/name</c>.</summary>
    public required string Object { get; init; }

    /// <summary>One word.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Because of what; null when not known.</summary>
    public string? Cause { get; init; }

    /// <summary>How long it took, in milliseconds; null when that makes no sense.</summary>
    public double? DurationMs { get; init; }
}

/// <summary>Which entries a list shows. Empty means all.</summary>
public sealed record ActivityFilter
{
    /// <summary>Kinds.</summary>
    public IReadOnlyCollection<ActivityKind> Kinds { get; init; } = [];

    /// <summary>Namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>Service.</summary>
    public string? Service { get; init; }

    /// <summary>Only what deserves attention.</summary>
    public bool WarningsOnly { get; init; }

    /// <summary>Text that object, reason or message contain. Case does not matter.</summary>
    public string? Text { get; init; }

    internal bool Matches(ActivityEntry entry) =>
        (Kinds.Count == 0 || Kinds.Contains(entry.Kind))
        && (Namespace is null || entry.Namespace == Namespace)
        && (Service is null || entry.Service == Service)
        && (!WarningsOnly || entry.Severity == ActivitySeverity.Warning)
        && (string.IsNullOrWhiteSpace(Text)
            || entry.Object.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || entry.Reason.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || entry.Message.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
