namespace Operators.Rollouts.Evidence;

/// <summary>What is asked of a comparison of canary and stable.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>How much more of the canary's requests may be bad than of the stable version's before it counts as worse: 0.001 is one in a thousand. From 0, under 1.</summary>
    public double Tolerance { get; init; }

    /// <summary>The difference that must not be missed: a canary passes once it is shown to be less than this worse. Over <see cref="Tolerance"/>, under 1.</summary>
    public double Margin { get; init; } = 0.01;

    /// <summary>The stated false-alarm rate: how likely a canary that is within the tolerance is ever failed, however long and often one looks. Between 0 and 1.</summary>
    public double FalseAlarms { get; init; } = 0.05;

    /// <summary>How likely a canary that is worse by the margin or more is ever passed. Between 0 and 1.</summary>
    public double FalsePasses { get; init; } = 0.05;
}
