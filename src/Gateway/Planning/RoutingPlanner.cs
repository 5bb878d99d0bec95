using System.Collections.Immutable;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>
/// From the cluster to a plan. A route is planned anew when it, or a Service that it names, changed; whatever else changes (a Gateway, a grant,
/// a namespace, a certificate) is rare, and has everything planned anew. Both come to the same plan.
/// </summary>
internal sealed class RoutingPlanner(PlannerOptions options)
{
    private readonly GatewayPlanner _gateways = new(options);

    /// <summary>Plans everything.</summary>
    public RoutingPlan Plan(IClusterView view)
    {
        var gateways = _gateways.Plan(view);
        return Assemble(gateways, view.Routes.ToImmutableDictionary(route => route.Metadata.Key, route => Plan(route, gateways, view)));
    }

    /// <summary>Plans these routes anew, and keeps the rest of the plan.</summary>
    public RoutingPlan Replan(RoutingPlan plan, IEnumerable<ObjectKey> changed, IClusterView view)
    {
        var routes = plan.Routes.ToImmutableDictionary().ToBuilder();
        foreach (var key in changed)
        {
            if (view.FindRoute(key) is { } route)
            {
                routes[key] = Plan(route, plan.Gateways, view);
            }
            else
            {
                routes.Remove(key);
            }
        }

        return Assemble(plan.Gateways, routes.ToImmutable());
    }

    private PlannedRoute Plan(HttpRoute route, IReadOnlyDictionary<ObjectKey, PlannedGateway> gateways, IClusterView view) =>
        HttpRoutePlanner.Plan(route, gateways, view, options.ControllerName);

    private static RoutingPlan Assemble(IReadOnlyDictionary<ObjectKey, PlannedGateway> gateways, ImmutableDictionary<ObjectKey, PlannedRoute> routes) => new()
    {
        Gateways = gateways,
        Routes = routes,
        Attached = routes.Values.SelectMany(route => route.Attachments).CountBy(attachment => attachment.Listener).ToDictionary(),
        Snapshot = SnapshotBuilder.Build(gateways.Values, routes.Values),
    };
}
