using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>
/// Renders for Istio. Between services a VirtualService and a DestinationRule hold; through Gateways of the Gateway API an HTTPRoute, since a
/// VirtualService can't be bound to one; and at the pods themselves who may call, with what token, and how often.
/// </summary>
public sealed class IstioProvider : ITrafficProvider
{
    /// <inheritdoc/>
    public string Name => "istio";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Kinds { get; } =
    [
        TrafficKinds.PeerAuthentications,
        TrafficKinds.RequestAuthentications,
        TrafficKinds.AuthorizationPolicies,
        TrafficKinds.EnvoyFilters,
        TrafficKinds.DestinationRules,
        TrafficKinds.VirtualServices,
        TrafficKinds.HttpRoutes,
    ];

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Requires { get; } = [TrafficKinds.VirtualServices, TrafficKinds.DestinationRules, TrafficKinds.AuthorizationPolicies];

    /// <inheritdoc/>
    public ProviderPlan Plan(TrafficSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var unsupported = new UnsupportedSettings();
        List<DesiredObject?> objects =
        [
            PeerAuthentication.Plan(snapshot, unsupported),
            RequestAuthentication.Plan(snapshot, unsupported),
            .. AuthorizationPolicies.Plan(snapshot, unsupported),
            LocalRateLimits.Plan(snapshot, unsupported),
            DestinationRule.Plan(snapshot, unsupported),
            VirtualService.Plan(snapshot, unsupported),
            .. HttpRoutes.Plan(snapshot, new HttpRouteDialect { Engine = "Istio", Cors = true, RedirectRoute = true }, unsupported),
        ];
        ReportMissing(snapshot, unsupported);
        return new([.. objects.OfType<DesiredObject>()], unsupported.All);
    }

    /// <inheritdoc/>
    public string? SplitGap(TrafficSnapshot snapshot) => snapshot switch
    {
        null or { Split: null } => null,
        { Policy.Traffic.GatewayRefs.Count: > 0 } => "what comes through the Gateways of spec.gatewayRefs goes to both versions alike: an HTTPRoute can't lead to a subset; between services the weight holds",
        { Split.Match.Cookies.Count: > 1 } => $"status.match.cookies: {TrackSubsets.OneCookie}",
        { Split.Match: { Headers: var headers, Cookies.Count: > 0 } } when headers.Any(static header => header.Name.Equals("cookie", StringComparison.OrdinalIgnoreCase)) => $"status.match.headers: {TrackSubsets.OneCookie}",
        _ => null,
    };

    private static void ReportMissing(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        unsupported.AddIf(traffic.MaxRequestBytes is not null, "spec.maxRequestBytes", "Istio has no API for the size of a request");
        unsupported.AddIf(
            traffic.Retries is not null && traffic.GatewayRefs is { Count: > 0 },
            "spec.retries",
            "holds between services; what comes through a Gateway is tried again as Istio's default says, because an HTTPRoute has no retries in the standard channel");
        foreach (var schema in traffic.RequestSchemas)
        {
            unsupported.Add($"spec.requestSchemas[{schema.Name}]", "Istio does not look into bodies");
        }
    }
}
