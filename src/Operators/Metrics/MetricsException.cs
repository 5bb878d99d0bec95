namespace Operators.Metrics;

/// <summary>Why something can't be told.</summary>
public enum MetricsFailure
{
    /// <summary>Nobody answers at its address.</summary>
    Unreachable,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It does not let us in.</summary>
    Denied,

    /// <summary>It says that the expression is wrong.</summary>
    BadExpression,

    /// <summary>It says that it can't tell: too much is asked, or something of its own is amiss.</summary>
    Failed,

    /// <summary>It answers with something else than numbers.</summary>
    Unreadable,

    /// <summary>The expression comes to nothing.</summary>
    NoData,

    /// <summary>The expression comes to more than one number.</summary>
    SeveralSeries,

    /// <summary>The expression comes to NaN or infinity, as 0/0 does.</summary>
    NotANumber,

    /// <summary>The provider has no such language.</summary>
    Unsupported,
}

/// <summary>A metrics provider can't tell what was asked.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">Why, for people; without secrets.</param>
/// <param name="cause">What it came from.</param>
public sealed class MetricsException(MetricsFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why.</summary>
    public MetricsFailure Failure { get; } = failure;

    /// <summary>True when asking later may help; false when only another question does.</summary>
    public bool IsPassing => Failure is MetricsFailure.Unreachable or MetricsFailure.TimedOut or MetricsFailure.Failed or MetricsFailure.NoData or MetricsFailure.NotANumber;
}
