using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;

namespace Operators.Traffic.Providers.Embedded;

/// <summary>
/// Renders for our own Gateway. That reads policies itself, so there is nothing to write for it: what is left is to say what it has not.
/// Routes it takes from HTTPRoutes, which people declare.
/// </summary>
public sealed class EmbeddedProvider : ITrafficProvider
{
    private static readonly ResourceType HttpRoutes = new("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute");

    /// <inheritdoc/>
    public string Name => "dabbawala";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Kinds { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Requires { get; } = [HttpRoutes];

    /// <inheritdoc/>
    public ProviderPlan Plan(TrafficSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var policy = snapshot.Policy;
        return new([], [.. Traffic(policy.Traffic), .. RateLimits(policy), .. Circuit(policy.Circuit)]);
    }

    private static IEnumerable<UnsupportedSetting> Traffic(TrafficPolicySpec spec) =>
    [
        .. Gap(spec.GatewayRefs is { Count: > 0 }, "spec.gatewayRefs", "the dabbawala gateway takes routes from HTTPRoutes only, yet: declare one"),
        .. Gap(spec.Hostnames is { Count: > 0 }, "spec.hostnames", "the dabbawala gateway takes host names from HTTPRoutes only, yet: declare one"),
        .. spec.Routes.Select(static route => new UnsupportedSetting { Field = $"spec.routes[{route.Name}]", Message = "the dabbawala gateway takes routes from HTTPRoutes only, yet: declare one" }),
        .. Gap(spec.MutualTls is not null, "spec.mutualTls", "the dabbawala gateway is no mesh; between services NetworkPolicy alone guards"),
        .. Gap(spec is { Access: not null, Authentication: null }, "spec.access", "the dabbawala gateway knows callers by what they show: declare authentication; until then NetworkPolicy alone guards"),
    ];

    private static IEnumerable<UnsupportedSetting> RateLimits(EffectivePolicy policy) =>
    [
        .. (policy.Traffic.Authentication is null ? policy.RateLimit.Limits.Where(static limit => limit.By.Type == LimitKeyType.Claim) : [])
            .Select(static limit => new UnsupportedSetting { Field = $"spec.limits[{limit.Name}].by", Message = "callers have claims only where a TrafficPolicy has them show tokens or keys (authentication); until then all count as one" }),
    ];

    private static IEnumerable<UnsupportedSetting> Circuit(CircuitPolicySpec spec) =>
    [
        .. Gap(spec.Ejection is { Interval: not "10s" }, "spec.ejection.interval", "the dabbawala gateway looks at each answer, not from time to time"),
        .. Gap(spec.Pool?.MaxRequestsPerConnection is not null, "spec.pool.maxRequestsPerConnection", "the dabbawala gateway keeps connections as long as they are used"),
    ];

    private static UnsupportedSetting[] Gap(bool isAsked, string field, string message) => isAsked ? [new() { Field = field, Message = message }] : [];
}
