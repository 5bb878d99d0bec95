namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>What is known of the canary of now, with the numbers that it was concluded from.</summary>
public sealed record RolloutEvidence
{
    /// <summary>The revision that it speaks of.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Until when (UTC) requests are counted in it.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>What all of it comes to: one failed metric fails it, and all must pass.</summary>
    public RolloutVerdict Verdict { get; init; } = RolloutVerdict.NotEnoughData;

    /// <summary>Why, in a sentence.</summary>
    public string Message { get; init; } = "";

    /// <summary>Since when (UTC) a source does not answer; null while all do.</summary>
    public DateTimeOffset? AwaySince { get; init; }
}

/// <summary>What evidence comes to.</summary>
public enum RolloutVerdict
{
    /// <summary>Nothing can be said yet.</summary>
    NotEnoughData,

    /// <summary>The canary is shown to be well.</summary>
    Pass,

    /// <summary>The canary is shown to be worse than is tolerated.</summary>
    Fail,
}
