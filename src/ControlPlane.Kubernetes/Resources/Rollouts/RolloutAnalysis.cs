namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>What evidence is gathered, and what is asked of it.</summary>
public sealed record RolloutAnalysis
{
    /// <summary>How often it is looked at.</summary>
    public string Interval { get; init; } = "30s";

    /// <summary>Requests of the canary below which nothing is decided.</summary>
    public int MinimumRequests { get; init; } = 50;

    /// <summary>What becomes of a step whose time is over without a verdict.</summary>
    public WithoutData WhenNotEnoughData { get; init; } = WithoutData.RollBack;

    /// <summary>How long a source of evidence may be away before the rollout is rolled back.</summary>
    public string SourcePatience { get; init; } = "5m";

    /// <summary>How likely a canary that is within every tolerance is ever failed by the sequential tests, all of them and all looks together.</summary>
    public string FalseAlarms { get; init; } = "5%";

    /// <summary>How likely a canary that is worse by a metric's margin ever passes that metric's sequential test.</summary>
    public string FalsePasses { get; init; } = "5%";

    /// <summary>What is measured; none for the success rate alone.</summary>
    public IReadOnlyList<RolloutMetric> Metrics { get; init; } = [];
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
