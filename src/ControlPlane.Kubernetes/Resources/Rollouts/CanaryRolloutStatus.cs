namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>Where a rollout stands. All that the operator needs to go on after a restart is here.</summary>
public sealed record CanaryRolloutStatus
{
    /// <summary>The <c>metadata.generation</c> that this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Ready and Accepted.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>What it is doing.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>The last revision that proved good: what users have.</summary>
    public string? StableRevision { get; init; }

    /// <summary>The revision that is on its way; null when none is.</summary>
    public string? CanaryRevision { get; init; }

    /// <summary>The step that is being done; null when no revision is on its way.</summary>
    public RolloutPosition? Step { get; init; }

    /// <summary>Per cent of the requests that are to go to the canary.</summary>
    public int Weight { get; init; }

    /// <summary>Since when the weight is that (UTC): what was observed before says nothing of it.</summary>
    public DateTimeOffset? WeightSince { get; init; }

    /// <summary>Size of the canary that a step set, as per cent of the stable version's; null when it follows the weight.</summary>
    public int? CanaryScale { get; init; }

    /// <summary>Until when the instances of a canary that has no weight any more stay, to end what they have (UTC).</summary>
    public DateTimeOffset? DrainedAt { get; init; }

    /// <summary>Revisions that failed, the last one first: none of them is tried again by itself.</summary>
    public IReadOnlyList<string> FailedRevisions { get; init; } = [];

    /// <summary>Id of the last command that was done.</summary>
    public string? LastCommand { get; init; }

    /// <summary>What was decided, the last one first.</summary>
    public IReadOnlyList<RolloutDecision> Decisions { get; init; } = [];
}

/// <summary>What a rollout is doing.</summary>
public enum RolloutPhase
{
    /// <summary>Users have what is declared.</summary>
    Healthy,

    /// <summary>A revision is on its way.</summary>
    Progressing,

    /// <summary>It waits for a time or a person.</summary>
    Paused,

    /// <summary>All steps are done; the stable version takes over what proved good.</summary>
    Promoting,

    /// <summary>What is declared failed, and users have what was before.</summary>
    Degraded,
}

/// <summary>The step that is being done.</summary>
public sealed record RolloutPosition
{
    /// <summary>Number of the step, from 0.</summary>
    public int Index { get; init; }

    /// <summary>When it began (UTC).</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the rollout last got on, or was last held (UTC): from here the progress deadline counts.</summary>
    public DateTimeOffset ProgressedAt { get; init; }

    /// <summary>A person takes the pauses and checks that are left as done.</summary>
    public bool IsWaived { get; init; }
}

/// <summary>Something that was decided.</summary>
public sealed record RolloutDecision
{
    /// <summary>When (UTC).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The revision that it is about.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Number of the step, from 0.</summary>
    public int Step { get; init; }

    /// <summary>What, in a word: Started, StepDone, Promoting, Promoted, RolledBack, Retried.</summary>
    public string Type { get; init; } = "";

    /// <summary>Why, for people.</summary>
    public string Message { get; init; } = "";
}
