using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Embedded;

/// <summary>
/// Renders for our own Gateway. It reads policies itself, so all that is needed is the HTTPRoute by which a service is reached: where requests go, and
/// in which time. The rest it takes from the effective policy, and does not need twice.
/// </summary>
/// <param name="counters">The Redis in which gateways count limits together; null for none.</param>
public sealed class EmbeddedProvider(SharedCounterStore? counters = null) : ITrafficProvider
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

    /// <inheritdoc/>
    /// <remarks>The gateway reads rollouts itself, and shares the requests to the one Service whatever route they come by.</remarks>
    public string? SplitGap(TrafficSnapshot snapshot) => null;

    private void ReportMissing(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var (traffic, circuit) = (snapshot.Policy.Traffic, snapshot.Policy.Circuit);
        unsupported.AddIf(traffic.MutualTls is not null, "spec.mutualTls", "the dabbawala gateway is no mesh; between services NetworkPolicy alone guards");
        unsupported.AddIf(circuit.Ejection is { Interval: not "10s" }, "spec.ejection.interval", "the dabbawala gateway looks at each answer, not from time to time");
        unsupported.AddIf(circuit.Pool?.MaxRequestsPerConnection is not null, "spec.pool.maxRequestsPerConnection", "the dabbawala gateway keeps connections as long as they are used");
        unsupported.AddIf(counters is null && snapshot.Policy.RateLimit.Counter == LimitCounter.Shared, "spec.counter", "each replica of the dabbawala gateway counts alone while no Redis is configured (Traffic:SharedCounters)");
        if (traffic.Authentication is null)
        {
            ReportUnknownCallers(snapshot, unsupported);
        }

        if (traffic.GatewayRefs is not { Count: > 0 })
        {
            foreach (var route in traffic.Routes)
            {
                unsupported.Add($"spec.routes[{route.Name}]", "the dabbawala gateway routes what comes through a Gateway, and spec.gatewayRefs names none");
            }
        }
    }

    /// <summary>What can't be had while callers show nothing.</summary>
    private static void ReportUnknownCallers(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var allowed = snapshot.Policy.Traffic.Access?.Allow ?? [];
        unsupported.AddIf(allowed.Any(static rule => rule.Methods.Count > 0), "spec.access.allow.methods", "the dabbawala gateway knows callers by what authentication has them show: without it NetworkPolicy guards, which knows no methods");
        unsupported.AddIf(allowed.Any(static rule => rule.Paths.Count > 0), "spec.access.allow.paths", "the dabbawala gateway knows callers by what authentication has them show: without it NetworkPolicy guards, which knows no paths");
        foreach (var limit in snapshot.Policy.RateLimit.Limits.Where(static limit => limit.By.Type == LimitKeyType.Claim))
        {
            unsupported.Add($"spec.limits[{limit.Name}].by", "callers have claims only where a TrafficPolicy's authentication has them show tokens or keys; until then all count as one");
        }
    }
}
