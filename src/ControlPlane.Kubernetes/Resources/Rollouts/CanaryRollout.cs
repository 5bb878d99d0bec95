namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>
/// How new versions of a service, or of a group of services, come to their users: in steps, as far as the evidence allows, and back when it speaks
/// against them. Mirrors <c>manifests/crds/canaryrollouts.yaml</c>, which says units, ranges and defaults.
/// </summary>
public sealed record CanaryRollout : CustomResource<CanaryRolloutSpec, CanaryRolloutStatus>
{
    /// <summary>Where the API serves it.</summary>
    public static ResourceType ResourceType { get; } = new(FleetApi.Group, FleetApi.Version, "canaryrollouts", "CanaryRollout");
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

/// <summary>One step; one of its settings is there.</summary>
public sealed record RolloutStep
{
    /// <summary>Per cent of the requests that go to the canary.</summary>
    public int? SetWeight { get; init; }

    /// <summary>Size of the canary from here on, as per cent of the stable version's; null to follow the weight.</summary>
    public int? SetCanaryScale { get; init; }

    /// <summary>Waits.</summary>
    public RolloutPause? Pause { get; init; }

    /// <summary>Waits until the evidence says pass.</summary>
    public RolloutCheck? Analysis { get; init; }
}

/// <summary>A pause: for a time, or until a person approves.</summary>
public sealed record RolloutPause
{
    /// <summary>How long; null until approved.</summary>
    public string? Duration { get; init; }
}

/// <summary>A step that waits for evidence.</summary>
public sealed record RolloutCheck
{
    /// <summary>How long to wait for it at most.</summary>
    public string AtMost { get; init; } = "30m";
}

/// <summary>What evidence is gathered, and what is asked of it.</summary>
public sealed record RolloutAnalysis
{
    /// <summary>How often it is looked at.</summary>
    public string Interval { get; init; } = "30s";

    /// <summary>Requests of the canary below which nothing is decided.</summary>
    public int MinimumRequests { get; init; } = 50;

    /// <summary>What becomes of a step whose time is over without a verdict.</summary>
    public WithoutData WhenNotEnoughData { get; init; } = WithoutData.RollBack;
}

/// <summary>What becomes of a step whose time is over without a verdict.</summary>
public enum WithoutData
{
    /// <summary>Back: what is not shown to be well does not go on.</summary>
    RollBack,

    /// <summary>On, and the decision says that nothing was shown.</summary>
    Continue,

    /// <summary>It waits for a person.</summary>
    Wait,
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
}
