namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>
/// How many requests services take, from whom, in which time. Mirrors <c>manifests/crds/ratelimitpolicies.yaml</c>, which says units, ranges,
/// defaults and providers. A setting that is null is left to policies of wider scope.
/// </summary>
public sealed record RateLimitPolicy : CustomResource<RateLimitPolicySpec, PolicyStatus>
{
    /// <summary>Where the API serves it.</summary>
    public static ResourceType ResourceType { get; } = new(FleetApi.Group, FleetApi.Version, "ratelimitpolicies", "RateLimitPolicy");
}

/// <summary>Desired state of a <see cref="RateLimitPolicy"/>.</summary>
public sealed record RateLimitPolicySpec : IPolicySpec
{
    /// <inheritdoc/>
    public IReadOnlyList<PolicyTargetReference> TargetRefs { get; init; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<PolicyTargetSelector> TargetSelectors { get; init; } = [];

    /// <summary>The limits, each of which a request must pass; merged by name.</summary>
    public IReadOnlyList<RequestLimit> Limits { get; init; } = [];

    /// <summary>Who counts.</summary>
    public LimitCounter? Counter { get; init; }

    /// <summary>Count and report, refuse nothing.</summary>
    public bool? Shadow { get; init; }

    /// <summary>Whether answers say limit, remaining and reset.</summary>
    public bool? Headers { get; init; }
}

/// <summary>So many requests in so much time.</summary>
public sealed record RequestLimit
{
    /// <summary>Name, which a refused caller is told.</summary>
    public string Name { get; init; } = "";

    /// <summary>Requests allowed in each window.</summary>
    public int Requests { get; init; }

    /// <summary>Length of the sliding window.</summary>
    public LimitWindow Per { get; init; }

    /// <summary>Requests allowed in a window that follows a quiet one; null for <see cref="Requests"/>.</summary>
    public int? Burst { get; init; }

    /// <summary>Who shares the count.</summary>
    public LimitKey By { get; init; } = new();

    /// <summary>Methods that count; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Paths that count, exact or with a <c>*</c> at the end; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>Length of a sliding window.</summary>
public enum LimitWindow
{
    /// <summary>1 s.</summary>
    Second,

    /// <summary>60 s.</summary>
    Minute,

    /// <summary>3,600 s.</summary>
    Hour,

    /// <summary>86,400 s.</summary>
    Day,
}

/// <summary>Who shares a count.</summary>
public sealed record LimitKey
{
    /// <summary>By what callers are told apart.</summary>
    public LimitKeyType Type { get; init; }

    /// <summary>Header or claim.</summary>
    public string? Name { get; init; }
}

/// <summary>By what callers are told apart.</summary>
public enum LimitKeyType
{
    /// <summary>Not at all.</summary>
    All,

    /// <summary>The client's address.</summary>
    Address,

    /// <summary>A header.</summary>
    Header,

    /// <summary>A claim of the verified token.</summary>
    Claim,
}

/// <summary>Who counts.</summary>
public enum LimitCounter
{
    /// <summary>Each gateway replica alone.</summary>
    Local,

    /// <summary>All together, over Redis.</summary>
    Shared,
}
