using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Cluster;

/// <summary>What is kept of an event of the cluster.</summary>
public sealed record EventView : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What it is about.</summary>
    public EventSubjectView Regarding { get; init; } = new();

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>One word.</summary>
    public string Reason { get; init; } = "";

    /// <summary>One sentence.</summary>
    public string? Note { get; init; }

    /// <summary>Who reports it.</summary>
    public string? ReportingController { get; init; }

    /// <summary>When it was seen first (UTC).</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>How often it was seen since; null for once.</summary>
    public EventSeriesView? Series { get; init; }

    /// <summary>How often, as older reporters count.</summary>
    public int? DeprecatedCount { get; init; }

    /// <summary>When it was seen last, as older reporters write it.</summary>
    public DateTimeOffset? DeprecatedLastTimestamp { get; init; }

    /// <summary>When it was seen last (UTC).</summary>
    [JsonIgnore]
    public DateTimeOffset? LastSeen => Series?.LastObservedTime ?? DeprecatedLastTimestamp ?? EventTime ?? Metadata.CreationTimestamp;

    /// <summary>How often it was seen.</summary>
    [JsonIgnore]
    public int Count => Series?.Count ?? DeprecatedCount ?? 1;
}

/// <summary>What an event is about.</summary>
public sealed record EventSubjectView
{
    /// <summary>Kind.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>As index key.</summary>
    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}

/// <summary>Repetitions of an event.</summary>
public sealed record EventSeriesView
{
    /// <summary>How often.</summary>
    public int Count { get; init; }

    /// <summary>When last (UTC).</summary>
    public DateTimeOffset? LastObservedTime { get; init; }
}
