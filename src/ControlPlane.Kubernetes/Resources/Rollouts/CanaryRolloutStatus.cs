namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>
/// Where a rollout stands. All that the operator needs to go on after a restart is here, and all that others go by: the registry runs what
/// <see cref="Members"/> say, and the data plane sends requests where <see cref="Weight"/>, <see cref="Match"/> and <see cref="Mirror"/> say.
/// </summary>
public sealed record CanaryRolloutStatus
{
    /// <summary>The <c>metadata.generation</c> that this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>See <see cref="RolloutConditions"/>.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>What it is doing.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>The last revision that proved good: what users have.</summary>
    public string? StableRevision { get; init; }

    /// <summary>The revision that is on its way; null when none is.</summary>
    public string? CanaryRevision { get; init; }

    /// <summary>The step that is being done; null when no revision is on its way.</summary>
    public RolloutPosition? Step { get; init; }

    /// <summary>Number of the step that is being done and number of steps, such as <c>3/8</c>; null when no revision is on its way.</summary>
    public string? Progress { get; init; }

    /// <summary>Per cent of the requests that are to go to the canary.</summary>
    public int Weight { get; init; }

    /// <summary>Since when the weight is that (UTC): what was observed before says nothing of it.</summary>
    public DateTimeOffset? WeightSince { get; init; }

    /// <summary>Since when the canary has requests (UTC); null while it has none: evidence is counted from there.</summary>
    public DateTimeOffset? TrafficSince { get; init; }

    /// <summary>Requests that go to the canary whatever the weight; null for none.</summary>
    public RolloutMatch? Match { get; init; }

    /// <summary>Per cent of the requests to the stable version of which the canary gets a copy.</summary>
    public int Mirror { get; init; }

    /// <summary>Size of the canary that a step set, as per cent of the stable version's; null when it follows the weight.</summary>
    public int? CanaryScale { get; init; }

    /// <summary>Until when the instances of a canary that has no weight any more stay, to end what they have (UTC).</summary>
    public DateTimeOffset? DrainedAt { get; init; }

    /// <summary>What each service runs.</summary>
    public IReadOnlyList<MemberStatus> Members { get; init; } = [];

    /// <summary>Where requests went since the weight is what it is; null before the first look.</summary>
    public ObservedTraffic? Observed { get; init; }

    /// <summary>What keeps it from getting on, such as an incident or a freeze.</summary>
    public IReadOnlyList<RolloutHold> Holds { get; init; } = [];

    /// <summary>What is known of the canary of now, or of the last one.</summary>
    public RolloutEvidence? Evidence { get; init; }

    /// <summary>Revisions that proved good, the last one first.</summary>
    public IReadOnlyList<string> GoodRevisions { get; init; } = [];

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

    /// <summary>It waits for a time or a person, or something holds it.</summary>
    Paused,

    /// <summary>All steps are done; the stable version takes over what proved good.</summary>
    Promoting,

    /// <summary>A revision failed, and users are on their way back through the weights.</summary>
    RollingBack,

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

    /// <summary>A person lets this revision pass whatever holds it.</summary>
    public bool OverridesHolds { get; init; }
}

/// <summary>What a service of a rollout runs, and is to run.</summary>
public sealed record MemberStatus
{
    /// <summary>Name of the ManagedService.</summary>
    public string Service { get; init; } = "";

    /// <summary>Revision of the workload that is declared.</summary>
    public string? Declared { get; init; }

    /// <summary>Revision that the stable workload is to run: the registry runs this one, and not what is declared.</summary>
    public string? Stable { get; init; }

    /// <summary>The last revision of it that proved good, and to which it goes back; null before its first deployment.</summary>
    public string? Good { get; init; }

    /// <summary>Instances that the canary, which runs the declared revision, is to have; 0 for no canary.</summary>
    public int CanaryInstances { get; init; }

    /// <summary>Instances of the stable workload below which its autoscaler is not to go; null while no canary has requests.</summary>
    public int? StableFloor { get; init; }

    /// <summary>Image that is declared.</summary>
    public string? DeclaredImage { get; init; }

    /// <summary>Image that users have.</summary>
    public string? StableImage { get; init; }

    /// <summary>Instances of the stable workload that are ready, of those it should have, such as <c>3/3</c>.</summary>
    public string? StableReady { get; init; }

    /// <summary>Instances of the canary that are ready, of those it should have; null when there is none.</summary>
    public string? CanaryReady { get; init; }

    /// <summary>Why the canary won't become ready by itself; null when nothing is known.</summary>
    public string? Problem { get; init; }
}

/// <summary>Where requests went.</summary>
public sealed record ObservedTraffic
{
    /// <summary>Requests to canaries.</summary>
    public long Canary { get; init; }

    /// <summary>All requests.</summary>
    public long Total { get; init; }

    /// <summary>Until when (UTC).</summary>
    public DateTimeOffset AsOf { get; init; }
}

/// <summary>Something that keeps a rollout from getting on.</summary>
public sealed record RolloutHold
{
    /// <summary>What kind: one of <see cref="RolloutHoldTypes"/>.</summary>
    public string Type { get; init; } = "";

    /// <summary>What, for people.</summary>
    public string Message { get; init; } = "";
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

    /// <summary>What: one of <see cref="RolloutDecisions"/>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Why, for people, with the numbers that it was decided by.</summary>
    public string Message { get; init; } = "";

    /// <summary>Who asked for it; null when nobody did.</summary>
    public string? By { get; init; }
}
