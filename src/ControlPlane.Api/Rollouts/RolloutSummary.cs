using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Rollouts;

/// <summary>A rollout as lists show it.</summary>
public sealed record RolloutSummary
{
    /// <summary>Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Services that move as one, in the order of the declaration.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Team that owns all of them; null when they belong to several, or to none that is known.</summary>
    public string? Team { get; init; }

    /// <summary>What it is doing; null before its operator has seen it.</summary>
    public RolloutPhase? Phase { get; init; }

    /// <summary>Number of the step that is being done and number of steps, such as <c>3/8</c>; null when no revision is on its way.</summary>
    public string? Progress { get; init; }

    /// <summary>Per cent of the requests that are to go to the canary.</summary>
    public required int Weight { get; init; }

    /// <summary>Where requests went since the weight is that; null while nobody has looked, or no revision is on its way.</summary>
    public ObservedShare? Observed { get; init; }

    /// <summary>Somebody paused it.</summary>
    public required bool Paused { get; init; }

    /// <summary>It stands at a pause that only a person ends.</summary>
    public required bool WaitsForApproval { get; init; }

    /// <summary>What keeps it from getting on.</summary>
    public IReadOnlyList<RolloutHold> Holds { get; init; } = [];

    /// <summary>What it is doing and why, in a sentence; null when nothing is known.</summary>
    public string? Message { get; init; }

    /// <summary>The revision that users have.</summary>
    public string? StableRevision { get; init; }

    /// <summary>The revision that is on its way; null when none is.</summary>
    public string? CanaryRevision { get; init; }

    /// <summary>What is known of the canary of now, or of the last one; null before anything is.</summary>
    public RolloutVerdict? Verdict { get; init; }

    /// <summary>Since when it stands so (UTC): at this step, or since the last decision; null when nothing was decided.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the revision of now set out (UTC); null when none is on its way.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was declared (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    internal ObjectKey Key => new(Namespace, Name);

    /// <summary>Something holds it, and nobody has set that aside.</summary>
    public bool IsHeld { get; init; }

    /// <summary>The rollout as a list shows it.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="team">Team that owns all members; null when there is no such team.</param>
    internal static RolloutSummary Of(CanaryRollout rollout, string? team)
    {
        var status = rollout.Status;
        return new()
        {
            Namespace = rollout.Metadata.Namespace,
            Name = rollout.Metadata.Name,
            Services = [.. rollout.Spec.Members.Select(static member => member.Service)],
            Team = team,
            Phase = status?.Phase,
            Progress = status?.Progress,
            Weight = status?.Weight ?? 0,
            Observed = status is { CanaryRevision: not null, Observed: { } observed } ? ObservedShare.Of(observed) : null,
            Paused = rollout.Spec.Paused,
            WaitsForApproval = RolloutOffers.WaitsForApproval(rollout),
            Holds = status?.Holds ?? [],
            IsHeld = status is { Holds.Count: > 0, CanaryRevision: not null } && status.Step is not { OverridesHolds: true },
            Message = MessageOf(rollout),
            StableRevision = status?.StableRevision,
            CanaryRevision = status?.CanaryRevision,
            Verdict = status?.Evidence?.Verdict,
            Since = status?.Step?.Since ?? (status?.Decisions is [var last, ..] ? last.At : null),
            StartedAt = status?.CanaryRevision is { } canary ? status.Decisions.FirstOrDefault(decision => decision.Revision == canary && decision.Type == RolloutDecisions.Started)?.At : null,
            Created = rollout.Metadata.CreationTimestamp,
        };
    }

    private static string? MessageOf(CanaryRollout rollout)
    {
        var conditions = rollout.Status?.Conditions ?? [];
        var accepted = conditions.FirstOrDefault(static condition => condition is { Type: RolloutConditions.Accepted, Status: ConditionStatus.False });
        return (accepted ?? conditions.FirstOrDefault(static condition => condition.Type == RolloutConditions.Ready))?.Message
            ?? (rollout.Status?.Decisions is [var last, ..] ? last.Message : null);
    }
}

/// <summary>Where requests went.</summary>
/// <param name="Percent">Per cent that went to canaries, from 0 to 100; null when there were none.</param>
/// <param name="Canary">Requests to canaries.</param>
/// <param name="Total">All requests.</param>
/// <param name="AsOf">Until when (UTC).</param>
public sealed record ObservedShare(double? Percent, long Canary, long Total, DateTimeOffset AsOf)
{
    internal static ObservedShare Of(ObservedTraffic traffic) =>
        new(traffic.Total > 0 ? Math.Round(100.0 * traffic.Canary / traffic.Total, 2) : null, traffic.Canary, traffic.Total, traffic.AsOf);
}
