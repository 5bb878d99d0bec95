namespace ControlPlane.Kubernetes.Resources.Traffic.Reports;

/// <summary>A limit at one gateway, with how far it is used.</summary>
public sealed record LimitReport
{
    /// <summary>Callers that a report names at most: those that are nearest to the limit.</summary>
    public const int MostCallers = 20;

    /// <summary>Namespace of the Service (v1) that the limit guards.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Service { get; init; }

    /// <summary>Name of the limit.</summary>
    public required string Name { get; init; }

    /// <summary>The policy that declares it, as <c>namespace/name</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>Requests allowed in each window.</summary>
    public required int Requests { get; init; }

    /// <summary>Length of the window in seconds.</summary>
    public required int WindowSeconds { get; init; }

    /// <summary>Requests allowed after a quiet window; null for no more than <see cref="Requests"/>.</summary>
    public int? Burst { get; init; }

    /// <summary>By what callers are told apart.</summary>
    public required LimitKeyType By { get; init; }

    /// <summary>Header or claim by which; empty for none.</summary>
    public string ByName { get; init; } = "";

    /// <summary>It counts and refuses nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>Requests that were within it, since the gateway counts.</summary>
    public long Allowed { get; init; }

    /// <summary>Requests that were not, since the gateway counts.</summary>
    public long Refused { get; init; }

    /// <summary>Callers that are remembered.</summary>
    public int Callers { get; init; }

    /// <summary>Callers that have used all that they may, just now.</summary>
    public int Limited { get; init; }

    /// <summary>The callers that are nearest to the limit, first those nearest; at most <see cref="MostCallers"/>.</summary>
    public IReadOnlyList<CallerUse> Busiest { get; init; } = [];
}

/// <summary>How far one caller has used a limit.</summary>
/// <param name="Caller">
/// A mark by which the caller can be told from others at one gateway until it restarts, and the first half of an IPv4 address or the first 32 bits
/// of an IPv6 address; nothing of a header or claim.
/// </param>
/// <param name="Used">Requests in the window now.</param>
/// <param name="Allowed">Requests allowed in the window now.</param>
/// <param name="Refused">Requests of this caller that were not within the limit, while it was remembered.</param>
/// <param name="LastRefused">When the last of them came (UTC); null for never.</param>
public sealed record CallerUse(string Caller, int Used, int Allowed, long Refused, DateTimeOffset? LastRefused);
