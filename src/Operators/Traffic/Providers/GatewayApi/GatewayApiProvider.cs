using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.GatewayApi;

/// <summary>
/// Renders for Envoy Gateway: an HTTPRoute, and what the Gateway API has no fields for as a BackendTrafficPolicy and a SecurityPolicy on it. It stands
/// at the edge only: what holds between services is not its to say, and a service that no Gateway leads to gets nothing from it.
/// </summary>
public sealed class GatewayApiProvider : ITrafficProvider
{
    /// <inheritdoc/>
    public string Name => "gateway-api";

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Kinds { get; } = [TrafficKinds.SecurityPolicies, TrafficKinds.BackendTrafficPolicies, TrafficKinds.HttpRoutes];

    /// <inheritdoc/>
    public IReadOnlyList<ResourceType> Requires => Kinds;

    /// <inheritdoc/>
    public ProviderPlan Plan(TrafficSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var unsupported = new UnsupportedSettings();
        if (!EdgeGateway.Reaches(snapshot, "Envoy Gateway", unsupported))
        {
            return new([], unsupported.All);
        }

        // Envoy Gateway takes a rule's backendRequest for the limit of the whole request; with retries the policy limits each try.
        var traffic = snapshot.Policy.Traffic;
        var dialect = new HttpRouteDialect { Engine = "Envoy Gateway", TryTimeouts = !BackendTrafficPolicy.Repeats(traffic.Retries), RedirectRoute = true };
        List<DesiredObject?> objects =
        [
            SecurityPolicy.Plan(snapshot, unsupported),
            BackendTrafficPolicy.Plan(snapshot, unsupported),
            .. HttpRoutes.Plan(snapshot, dialect, unsupported),
        ];
        EdgeGateway.ReportMissing(snapshot, "Envoy Gateway", unsupported);
        return new([.. objects.OfType<DesiredObject>()], unsupported.All);
    }

    /// <inheritdoc/>
    public string? SplitGap(TrafficSnapshot snapshot) => snapshot?.Split is null ? null : EdgeGateway.SplitGap("Envoy Gateway");
}
