using ControlPlane.Kubernetes.Resources;

namespace Gateway.Policies;

/// <summary>What holds for the requests to a Service, after all that was declared for it was merged.</summary>
public sealed record ServicePolicy
{
    /// <summary>Nothing declared: no limits, no circuit, no retries.</summary>
    public static ServicePolicy Default { get; } = new();

    /// <summary>Timeouts, retries, balancing and size limit.</summary>
    public TrafficOptions Traffic { get; init; } = new();

    /// <summary>What callers must show; null for nothing.</summary>
    public AuthenticationOptions? Authentication { get; init; }

    /// <summary>Who may call; null for all.</summary>
    public AccessOptions? Access { get; init; }

    /// <summary>Schemas that bodies must meet.</summary>
    public IReadOnlyList<BodyCheck> Bodies { get; init; } = [];

    /// <summary>Limits, each of which a request must pass.</summary>
    public IReadOnlyList<RateLimit> Limits { get; init; } = [];

    /// <summary>When to stop calling the service; null for never.</summary>
    public CircuitOptions? Circuit { get; init; }
}

/// <summary>Where the gateway learns what holds for a Service.</summary>
public interface IPolicySource
{
    /// <summary>What holds now. Called for every request: must be a lookup. The same reference means that nothing changed.</summary>
    ServicePolicy For(ObjectKey service);
}
