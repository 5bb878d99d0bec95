namespace Gateway.Policies;

/// <summary>How requests are sent to a Service.</summary>
public sealed record TrafficOptions
{
    /// <summary>Limit of a whole request with its retries, where the route has none; null for no limit.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Limit of one try, where the route has none; null for no limit.</summary>
    public TimeSpan? TryTimeout { get; init; }

    /// <summary>What is tried again; null for nothing.</summary>
    public RetryOptions? Retries { get; init; }

    /// <summary>Which instance takes a request.</summary>
    public BalancingOptions Balancing { get; init; } = new();

    /// <summary>Largest request body in bytes; null for no limit.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>Lead plain HTTP to HTTPS.</summary>
    public bool HttpsRedirect { get; init; }

    /// <summary>Which pages of other origins may call, where the route does not say; null to leave that to the service.</summary>
    public CrossOriginRules? CrossOrigin { get; init; }

    /// <summary>Edits of requests, after those of the route.</summary>
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    /// <summary>Edits of responses, after those of the route.</summary>
    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;
}

/// <summary>What is tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>Tries after the first. At least 0.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>After which failures.</summary>
    public FailureKinds On { get; init; } = FailureKinds.ConnectFailure | FailureKinds.Reset | FailureKinds.GatewayError;

    /// <summary>After which statuses, beside those of <see cref="On"/>.</summary>
    public IReadOnlySet<int> Statuses { get; init; } = new HashSet<int>();

    /// <summary>Methods that may be repeated: by default those that are idempotent (RFC 9110, 9.2.2).</summary>
    public IReadOnlySet<string> Methods { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" };

    /// <summary>First pause; each further one is twice as long.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Longest pause.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Retries, as per cent of the requests of the last ten seconds; null for no budget.</summary>
    public int? BudgetPercent { get; init; } = 20;

    /// <summary>Retries a second that are always allowed.</summary>
    public int BudgetMinimumPerSecond { get; init; } = 3;

    /// <summary>These, within the methods and the budget that another one, if there is any, allows.</summary>
    public RetryOptions Within(RetryOptions? other) => other is null
        ? this
        : this with { Methods = other.Methods, BudgetPercent = other.BudgetPercent, BudgetMinimumPerSecond = other.BudgetMinimumPerSecond };
}

/// <summary>How a try can fail.</summary>
[Flags]
public enum FailureKinds
{
    /// <summary>It did not.</summary>
    None = 0,

    /// <summary>Any status from 500.</summary>
    ServerError = 1,

    /// <summary>Status 502, 503 or 504.</summary>
    GatewayError = 2,

    /// <summary>No connection.</summary>
    ConnectFailure = 4,

    /// <summary>The connection broke before an answer.</summary>
    Reset = 8,

    /// <summary>No answer in time.</summary>
    Timeout = 16,
}

/// <summary>Which instance takes a request.</summary>
public sealed record BalancingOptions
{
    /// <summary>How it is chosen.</summary>
    public BalancingAlgorithm Algorithm { get; init; }

    /// <summary>What equal requests have in common, for <see cref="BalancingAlgorithm.ConsistentHash"/>.</summary>
    public HashOn HashOn { get; init; }

    /// <summary>Header or cookie to hash on.</summary>
    public string HashName { get; init; } = "";
}

/// <summary>How an instance is chosen.</summary>
public enum BalancingAlgorithm
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The less busy of two that are drawn.</summary>
    LeastRequest,

    /// <summary>Any.</summary>
    Random,

    /// <summary>Equal requests to the same one.</summary>
    ConsistentHash,
}

/// <summary>What equal requests have in common.</summary>
public enum HashOn
{
    /// <summary>The client's address.</summary>
    Address,

    /// <summary>A header.</summary>
    Header,

    /// <summary>A cookie.</summary>
    Cookie,
}
