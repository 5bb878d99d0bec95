using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Embedded;

/// <summary>
/// Renders for our own Gateway. It reads policies itself, so all that is needed is the HTTPRoute by which a service is reached: where requests go, and
/// in which time. The rest it takes from the effective policy, and does not need twice.
/// </summary>
public sealed class EmbeddedProvider : ITrafficProvider
{
    private const string Engine = "the dabbawala gateway";

    /// <inheritdoc/>
    public string Name => "dabbawala";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Kinds { get; } = [TrafficKinds.HttpRoutes];

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Requires => Kinds;

    /// <inheritdoc/>
    public ProviderPlan Plan(TrafficSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var unsupported = new UnsupportedSettings();
        List<DesiredObject> objects = [.. HttpRoutes.Plan(snapshot, new HttpRouteDialect { Engine = Engine, HeaderEdits = false }, unsupported)];
        ReportMissing(snapshot, unsupported);
        return new(objects, unsupported.All);
    }

    private static void ReportMissing(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var (traffic, circuit) = (snapshot.Policy.Traffic, snapshot.Policy.Circuit);
        unsupported.AddIf(traffic.MutualTls is not null, "spec.mutualTls", "the dabbawala gateway is no mesh; between services NetworkPolicy alone guards");
        unsupported.AddIf(circuit.Ejection is { Interval: not "10s" }, "spec.ejection.interval", "the dabbawala gateway looks at each answer, not from time to time");
        unsupported.AddIf(circuit.Pool?.MaxRequestsPerConnection is not null, "spec.pool.maxRequestsPerConnection", "the dabbawala gateway keeps connections as long as they are used");
        unsupported.AddIf(traffic.Authentication is not null, "spec.authentication", "the dabbawala gateway does not verify tokens and keys, yet");
        unsupported.AddIf(circuit.Fallback?.Type == FallbackType.LastGood, "spec.fallback", "the dabbawala gateway keeps no answers, yet: Static is what it has");
        unsupported.AddIf(snapshot.Policy.RateLimit.Counter == LimitCounter.Shared, "spec.counter", "each replica of the dabbawala gateway counts alone, yet");
        foreach (var limit in snapshot.Policy.RateLimit.Limits.Where(static limit => limit.By.Type == LimitKeyType.Claim))
        {
            unsupported.Add($"spec.limits[{limit.Name}].by", "the dabbawala gateway does not verify tokens, yet, so it can't tell callers by a claim");
        }

        var allowed = traffic.Access?.Allow ?? [];
        unsupported.AddIf(allowed.Any(static rule => rule.Methods.Count > 0), "spec.access.allow.methods", "the dabbawala gateway does not ask who calls, yet: NetworkPolicy guards, which knows no methods");
        unsupported.AddIf(allowed.Any(static rule => rule.Paths.Count > 0), "spec.access.allow.paths", "the dabbawala gateway does not ask who calls, yet: NetworkPolicy guards, which knows no paths");
        foreach (var schema in traffic.RequestSchemas)
        {
            unsupported.Add($"spec.requestSchemas[{schema.Name}]", "the dabbawala gateway does not check bodies, yet");
        }

        if (traffic.GatewayRefs is not { Count: > 0 })
        {
            foreach (var route in traffic.Routes)
            {
                unsupported.Add($"spec.routes[{route.Name}]", "the dabbawala gateway routes what comes through a Gateway, and spec.gatewayRefs names none");
            }
        }
    }
}
