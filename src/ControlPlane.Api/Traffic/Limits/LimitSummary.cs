using ControlPlane.Kubernetes.Resources.Traffic;

namespace ControlPlane.Api.Traffic.Limits;

/// <summary>What a limit does, the worst first.</summary>
public enum LimitStanding
{
    /// <summary>A caller has used all that it may: its next request is refused.</summary>
    Refusing,

    /// <summary>A caller has; but the limit only watches.</summary>
    Watching,

    /// <summary>No caller has.</summary>
    Within,

    /// <summary>Declared; no request has come to it since the gateways count.</summary>
    Unseen,
}

/// <summary>A limit of a service, with its use at all gateways.</summary>
public sealed record LimitSummary
{
    /// <summary>Namespace of the service.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Team that owns it.</summary>
    public required string Team { get; init; }

    /// <summary>Name of the limit, which refused callers are told.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the RateLimitPolicy that declares it.</summary>
    public required string Policy { get; init; }

    /// <summary>What it does.</summary>
    public required LimitStanding State { get; init; }

    /// <summary>Requests allowed in each window.</summary>
    public required int Requests { get; init; }

    /// <summary>The window.</summary>
    public required LimitWindow Per { get; init; }

    /// <summary>Requests allowed after a quiet window; null for no more.</summary>
    public int? Burst { get; init; }

    /// <summary>By what callers are told apart.</summary>
    public required LimitKeyType By { get; init; }

    /// <summary>Header or claim by which; null for none.</summary>
    public string? ByName { get; init; }

    /// <summary>It counts and refuses nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>Per cent that the busiest caller has used of what it may; 0 while nobody has called.</summary>
    public int Use { get; init; }

    /// <summary>Requests that were within it, since the gateways count.</summary>
    public long Allowed { get; init; }

    /// <summary>Requests that were not.</summary>
    public long Refused { get; init; }

    /// <summary>Callers that gateways remember.</summary>
    public int Callers { get; init; }

    /// <summary>Callers that have used all that they may, just now.</summary>
    public int Limited { get; init; }

    /// <summary>The callers that are nearest to the limit, masked, first those nearest.</summary>
    public IReadOnlyList<LimitedCaller> Busiest { get; init; } = [];
}

/// <summary>How far a caller has used a limit, without saying who it is.</summary>
/// <param name="Gateway">The gateway that says so.</param>
/// <param name="Caller">A mark by which the caller can be told from others at that gateway until it restarts.</param>
/// <param name="Used">Requests in the window now.</param>
/// <param name="Allowed">Requests allowed in the window now.</param>
/// <param name="Refused">Requests of this caller that were not within the limit.</param>
/// <param name="LastRefused">When the last of them came (UTC); null for never.</param>
public sealed record LimitedCaller(string Gateway, string Caller, int Used, int Allowed, long Refused, DateTimeOffset? LastRefused)
{
    /// <summary>Per cent that it has used of what it may.</summary>
    public int Use => (int)Math.Min(100L * Used / Math.Max(Allowed, 1), int.MaxValue);
}
