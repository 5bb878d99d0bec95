namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>
/// How new versions of a service, or of a group of services, come to their users: in steps, as far as the evidence allows, and back when it speaks
/// against them. Mirrors <c>manifests/crds/canaryrollouts.yaml</c>, which says units, ranges and defaults.
/// </summary>
public sealed record CanaryRollout : CustomResource<CanaryRolloutSpec, CanaryRolloutStatus>
{
    /// <summary>Where the API serves it.</summary>
    public static ResourceType ResourceType { get; } = new(FleetApi.Group, FleetApi.Version, "canaryrollouts", "CanaryRollout");

    /// <summary>Of the rollouts that name a service, the one that moves it: the oldest. Null when there is none.</summary>
    /// <typeparam name="T">What the caller keeps of a rollout.</typeparam>
    public static T? InCharge<T>(IEnumerable<T> rollouts)
        where T : class, IKubeObject => rollouts
        .Where(static rollout => rollout.Metadata.DeletionTimestamp is null)
        .OrderBy(static rollout => rollout.Metadata.CreationTimestamp)
        .ThenBy(static rollout => rollout.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault();
}

/// <summary>Desired state of a <see cref="CanaryRollout"/>.</summary>
public sealed record CanaryRolloutSpec
{
    /// <summary>ManagedServices of the namespace that move and roll back as one, in the order in which they are promoted.</summary>
    public IReadOnlyList<RolloutMember> Members { get; init; } = [];

    /// <summary>What is done one after the other; the last weight is 100.</summary>
    public IReadOnlyList<RolloutStep> Steps { get; init; } = [];

    /// <summary>What is looked at from the first weight to the last.</summary>
    public RolloutAnalysis Analysis { get; init; } = new();

    /// <summary>What becomes of a revision that failed.</summary>
    public RolloutRollback Rollback { get; init; } = new();

    /// <summary>How long a rollout may go without getting on before it is rolled back. Pauses and holds don't count.</summary>
    public string ProgressDeadline { get; init; } = "10m";

    /// <summary>Revisions that are remembered.</summary>
    public int RevisionHistoryLimit { get; init; } = 10;

    /// <summary>Nothing moves until it is false again. What fails is rolled back all the same.</summary>
    public bool Paused { get; init; }

    /// <summary>What a person asks for, once.</summary>
    public RolloutCommand? Command { get; init; }
}

/// <summary>A service of a rollout.</summary>
public sealed record RolloutMember
{
    /// <summary>Name of the ManagedService.</summary>
    public string Service { get; init; } = "";
}

/// <summary>What becomes of a revision that failed.</summary>
public sealed record RolloutRollback
{
    /// <summary>How users come back to the stable version.</summary>
    public RollbackPace Pace { get; init; } = RollbackPace.AtOnce;

    /// <summary>A declaration that goes back to one of so many revisions that proved good last needs no steps; 0 for none.</summary>
    public int Window { get; init; } = 3;

    /// <summary>How bad the incident is that a rollback opens; null to open none. Where one of this rollout is open, it is told more.</summary>
    public IncidentSeverity? Incident { get; init; }
}

/// <summary>How users come back to the stable version.</summary>
public enum RollbackPace
{
    /// <summary>All at once.</summary>
    AtOnce,

    /// <summary>Through the weights of the steps before, each as soon as the traffic shows the one before it.</summary>
    BySteps,
}

/// <summary>What a person asks for.</summary>
public sealed record RolloutCommand
{
    /// <summary>Tells this command from others: each is done once.</summary>
    public string Id { get; init; } = "";

    /// <summary>The revision that it is about; for any other it is not done.</summary>
    public string Revision { get; init; } = "";

    /// <summary>What.</summary>
    public RolloutCommandType Type { get; init; }

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who, as the audit log names them; empty for whoever wrote it with kubectl.</summary>
    public string By { get; init; } = "";
}

/// <summary>What a person may ask for.</summary>
public enum RolloutCommandType
{
    /// <summary>The pause or check of now counts as done.</summary>
    Promote,

    /// <summary>All steps count as done.</summary>
    PromoteFully,

    /// <summary>Back to the stable version.</summary>
    Abort,

    /// <summary>A revision that failed is tried once more.</summary>
    Retry,

    /// <summary>What holds the rollout now holds this revision no more.</summary>
    OverrideHolds,
}
