using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>What a circuit does to the requests of a service, the worst first.</summary>
public enum CircuitStanding
{
    /// <summary>Nothing goes through, until it probes.</summary>
    Open,

    /// <summary>Somebody opened it: nothing goes through.</summary>
    ForcedOpen,

    /// <summary>Some probes go through.</summary>
    HalfOpen,

    /// <summary>Somebody closed it: everything goes through, whatever fails.</summary>
    ForcedClosed,

    /// <summary>Requests go through.</summary>
    Closed,

    /// <summary>Declared; no request has come to it since the gateways count.</summary>
    Unseen,
}

/// <summary>The circuit of a service, at all gateways.</summary>
public sealed record CircuitSummary
{
    /// <summary>Namespace of the service.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Service { get; init; }

    /// <summary>Team that owns it.</summary>
    public required string Team { get; init; }

    /// <summary>Its tier.</summary>
    public required ServiceTier Tier { get; init; }

    /// <summary>Name of the CircuitPolicy that declares it.</summary>
    public required string Policy { get; init; }

    /// <summary>Its worst state at any gateway.</summary>
    public required CircuitStanding State { get; init; }

    /// <summary>Since when it is in that state (UTC); null when no gateway has seen a request.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it probes, or is no longer forced (UTC); null otherwise.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why it is in that state; null while it never changed.</summary>
    public string? Reason { get; init; }

    /// <summary>How it is forced; null when it is not.</summary>
    public CircuitForce? Force { get; init; }

    /// <summary>Changes of state that gateways remember, at most a hundred each.</summary>
    public int Changes { get; init; }

    /// <summary>At each gateway that has seen a request for it.</summary>
    public IReadOnlyList<CircuitAtGateway> Gateways { get; init; } = [];

    internal ObjectKey Key => new(Namespace, Service);
}

/// <summary>How a circuit is forced.</summary>
/// <param name="Open">True when nothing goes through, false when everything does.</param>
/// <param name="Until">When that ends by itself (UTC).</param>
/// <param name="Reason">Why. Who forced it is in the audit log.</param>
/// <param name="Policy">Name of the CircuitPolicy that says so.</param>
/// <param name="IsReleasable">True when it was forced here, and can be released here.</param>
public sealed record CircuitForce(bool Open, DateTimeOffset Until, string Reason, string Policy, bool IsReleasable);

/// <summary>A circuit at one gateway.</summary>
/// <param name="Gateway">Name of the gateway.</param>
/// <param name="State">Its state there.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="Until">When it probes, or is no longer forced (UTC); null otherwise.</param>
/// <param name="CountsSince">Since when the gateway counts (UTC): before that its history says nothing.</param>
/// <param name="At">When the gateway said so (UTC).</param>
/// <param name="History">Its last changes there, the oldest first; at most a hundred.</param>
public sealed record CircuitAtGateway(
    string Gateway, CircuitState State, DateTimeOffset Since, DateTimeOffset? Until, DateTimeOffset CountsSince, DateTimeOffset At, IReadOnlyList<CircuitTransition> History);
