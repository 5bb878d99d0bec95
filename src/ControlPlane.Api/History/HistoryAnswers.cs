using System.Text.Json.Serialization;
using Compliance.Audit;
using ControlPlane.Api.Manifests;

namespace ControlPlane.Api.History;

/// <summary>Which changes are asked for.</summary>
/// <param name="From">Recorded at or after (UTC).</param>
/// <param name="To">Recorded before (UTC).</param>
/// <param name="Namespace">In this namespace; null for all.</param>
/// <param name="Service">Of services of this name; null for all.</param>
public sealed record HistoryPeriod(DateTimeOffset From, DateTimeOffset To, string? Namespace, string? Service);

/// <summary>A change of a declaration.</summary>
public sealed record HistoryChange
{
    /// <summary>Namespace of the service.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was recorded (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What became of it.</summary>
    public required HistoryChangeKind Kind { get; init; }

    /// <summary>Generation of the desired state.</summary>
    public required long Generation { get; init; }

    /// <summary>Index of the entry that holds the state.</summary>
    public required long Entry { get; init; }

    /// <summary>Fields that changed; empty when the state before is not near.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Who did it and why; null when nobody told the log.</summary>
    public HistoryCause? Cause { get; init; }
}

/// <summary>Who changed something, as the log knows it.</summary>
/// <param name="Entry">Index of the entry that says so.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">By which action.</param>
/// <param name="Reason">Why; null when nobody was asked.</param>
public sealed record HistoryCause(long Entry, AuditActor Actor, string Action, string? Reason);

/// <summary>A page of changes.</summary>
/// <param name="Items">The changes, newest first.</param>
/// <param name="Next">The next page holds those in entries before this index; null on the last.</param>
/// <param name="Total">How many there are in all, counted up to a bound.</param>
public sealed record HistoryChanges(IReadOnlyList<HistoryChange> Items, long? Next, int Total);

/// <summary>A service as it was declared at an instant.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="At">The instant (UTC).</param>
/// <param name="Manifest">The declaration, as YAML; null when it was deleted by then.</param>
/// <param name="Since">The change that made it so.</param>
public sealed record ServiceAtInstant(string Namespace, string Name, DateTimeOffset At, string? Manifest, HistoryChange Since);

/// <summary>How a declaration at one instant differs from that at another.</summary>
/// <param name="Namespace">Namespace.</param>
/// <param name="Name">Name.</param>
/// <param name="From">The earlier instant (UTC).</param>
/// <param name="To">The later one (UTC).</param>
/// <param name="Fields">Fields that differ.</param>
/// <param name="Unified">The difference, as a unified diff of YAML.</param>
public sealed record ServiceBetweenInstants(
    string Namespace, string Name, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<FieldDifference> Fields, string Unified)
{
    /// <summary>The declaration at the earlier instant, as YAML; empty when there was none.</summary>
    [JsonIgnore]
    public string Before { get; init; } = "";

    /// <summary>The declaration at the later instant, as YAML; empty when there was none.</summary>
    [JsonIgnore]
    public string After { get; init; } = "";
}

/// <summary>The fleet over a period.</summary>
/// <param name="Width">How long each bar lasts.</param>
/// <param name="Bars">The bars, oldest first.</param>
public sealed record HistoryPulse(TimeSpan Width, IReadOnlyList<HistoryBar> Bars);

/// <summary>The fleet in a stretch of time.</summary>
/// <param name="Start">From (UTC).</param>
/// <param name="End">Until before (UTC).</param>
/// <param name="Services">Services at its end.</param>
/// <param name="Changes">Changes in it.</param>
public sealed record HistoryBar(DateTimeOffset Start, DateTimeOffset End, int Services, int Changes);
