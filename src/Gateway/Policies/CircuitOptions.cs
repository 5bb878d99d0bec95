namespace Gateway.Policies;

/// <summary>When to stop calling a Service that fails, and what its callers get instead.</summary>
public sealed record CircuitOptions
{
    /// <summary>The policy that says so, as <c>namespace/name</c>; empty where there is none.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Errors in a row that open the circuit; null where only the rate counts.</summary>
    public int? ConsecutiveErrors { get; init; }

    /// <summary>Share of errors that opens the circuit; null where only errors in a row count.</summary>
    public FailureRateOptions? FailureRate { get; init; }

    /// <summary>What counts as an error.</summary>
    public FailureKinds CountAsError { get; init; } = FailureKinds.ServerError | FailureKinds.ConnectFailure | FailureKinds.Reset | FailureKinds.Timeout;

    /// <summary>How long an open circuit refuses before it probes.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Probes at the same time, after that.</summary>
    public int Probes { get; init; } = 1;

    /// <summary>Probes in a row that must succeed to close the circuit; one that fails opens it again.</summary>
    public int Successes { get; init; } = 1;

    /// <summary>When single instances are left out; null for never.</summary>
    public EjectionOptions? Ejection { get; init; }

    /// <summary>Ceiling of what is under way.</summary>
    public PoolOptions Pool { get; init; } = new();

    /// <summary>What callers get while the circuit is open; null for 503.</summary>
    public FallbackResponse? Fallback { get; init; }

    /// <summary>How old a good answer may be that callers get instead, to the same GET; null for none. Where there is none, <see cref="Fallback"/>.</summary>
    public TimeSpan? LastGoodMaxAge { get; init; }

    /// <summary>A state that somebody set by hand; null for none.</summary>
    public ForcedState? Forced { get; init; }
}

/// <summary>Share of errors that opens a circuit.</summary>
/// <param name="Percent">Errors, as per cent of the requests in the window: 1 to 100.</param>
/// <param name="MinimumRequests">Requests below which the window says nothing.</param>
/// <param name="Window">Length of the sliding window.</param>
public sealed record FailureRateOptions(int Percent, int MinimumRequests, TimeSpan Window);

/// <summary>When single instances are left out.</summary>
/// <param name="ConsecutiveErrors">Errors in a row of one instance.</param>
/// <param name="BaseTime">How long the first ejection lasts; each further one a multiple, at most ten times.</param>
/// <param name="MaxPercent">Per cent of the instances that may be left out at once.</param>
public sealed record EjectionOptions(int ConsecutiveErrors, TimeSpan BaseTime, int MaxPercent);

/// <summary>Ceiling of what is under way to a Service.</summary>
public sealed record PoolOptions
{
    /// <summary>Connections to each instance; null for no ceiling.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Requests under way; null for no ceiling.</summary>
    public int? MaxRequests { get; init; }

    /// <summary>Requests that wait for their turn; null for no ceiling.</summary>
    public int? MaxPending { get; init; }
}

/// <summary>A written answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">Body.</param>
public sealed record FallbackResponse(int Status, string ContentType, string Body);

/// <summary>A state that somebody set by hand, for a time.</summary>
/// <param name="Open">True for open (nothing goes through), false for closed (everything does).</param>
/// <param name="Until">When it ends by itself (UTC).</param>
/// <param name="Reason">Why.</param>
/// <param name="Policy">The policy that says so, as <c>namespace/name</c>; empty where there is none.</param>
public sealed record ForcedState(bool Open, DateTimeOffset Until, string Reason, string Policy = "");
