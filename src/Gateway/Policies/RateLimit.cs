namespace Gateway.Policies;

/// <summary>So many requests in so much time.</summary>
public sealed record RateLimit
{
    /// <summary>Its name, which a refused caller is told. Letters, digits and dashes.</summary>
    public required string Name { get; init; }

    /// <summary>The policy that says so, as <c>namespace/name</c>; empty where there is none.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Requests allowed in each window. At least 1.</summary>
    public required int Requests { get; init; }

    /// <summary>Length of the sliding window, at least 1 s.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Requests allowed in a window that follows a quiet one; null for <see cref="Requests"/>.</summary>
    public int? Burst { get; init; }

    /// <summary>Who shares the count.</summary>
    public RateLimitKey By { get; init; } = RateLimitKey.All;

    /// <summary>Header or claim by which callers are told apart.</summary>
    public string ByName { get; init; } = "";

    /// <summary>Methods that count; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Paths that count, exact or with a <c>*</c> at the end; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>All gateways count together; otherwise each by itself.</summary>
    public bool Shared { get; init; }

    /// <summary>Count and report, refuse nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>Whether answers say limit, remaining and reset.</summary>
    public bool Headers { get; init; } = true;
}

/// <summary>By what callers are told apart.</summary>
public enum RateLimitKey
{
    /// <summary>Not at all.</summary>
    All,

    /// <summary>The client's address; of IPv6 addresses the first 64 bits, which is what one client has.</summary>
    Address,

    /// <summary>A header.</summary>
    Header,

    /// <summary>A claim of the verified token.</summary>
    Claim,
}
