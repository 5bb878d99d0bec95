using System.Net;
using CsCheck;
using ControlPlane.Kubernetes.Resources;
using Gateway.Planning;
using Gateway.Resources;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Planning;

/// <summary>However single routes and Services change, planning only them comes to the plan that planning everything comes to.</summary>
public sealed class IncrementalPlanningTests
{
    private const string Cluster = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: dabbawala}
        spec: {controllerName: dabbawala.dev/gateway}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: main, namespace: shop}
        spec:
          gatewayClassName: dabbawala
          listeners:
          - {name: any, port: 80, protocol: HTTP}
          - {name: shop, port: 80, protocol: HTTP, hostname: "*.shop.local"}
        """;

    private static readonly string[] Hosts = ["a.shop.local", "b.local", "*.local"];
    private static readonly Gen<Change> AnyChange = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 2]).Select(parts => new Change(parts.Item1, parts.Item2, parts.Item3, parts.Item4));

    [Fact]
    public void Planning_what_changed_comes_to_the_same_as_planning_everything() => AnyChange.Array[1, 20].Sample(changes =>
    {
        var view = new DeclaredCluster(Cluster);
        var planner = new RoutingPlanner(new PlannerOptions("dabbawala.dev/gateway", IPAddress.Loopback, null));
        var plan = planner.Plan(view);
        foreach (var change in changes)
        {
            plan = planner.Replan(plan, Apply(change, view), view);

            Assert.Equal(PlanText.Of(planner.Plan(view), view), PlanText.Of(plan, view));
        }
    });

    /// <summary>Makes the change; the routes that it concerns.</summary>
    private static IEnumerable<ObjectKey> Apply(Change change, DeclaredCluster view)
    {
        var (route, service) = (new ObjectKey("shop", $"route-{change.Which}"), new ObjectKey("shop", $"service-{change.Value}"));
        switch (change.What)
        {
            case 0:
                view.RemoveRoute(route);
                return [route];
            case 1:
                view.RemoveService(service);
                return RoutesTo(service, view);
            case 2:
                view.Put(new Service { Metadata = new() { Namespace = "shop", Name = service.Name }, Spec = new() { Ports = [new() { Port = 8080 }] } });
                return RoutesTo(service, view);
            default:
                view.Put(new HttpRoute
                {
                    Metadata = new() { Namespace = "shop", Name = route.Name, CreationTimestamp = DateTimeOffset.UnixEpoch.AddSeconds(change.Which) },
                    Spec = new()
                    {
                        ParentRefs = [new() { Name = "main" }],
                        Hostnames = [Hosts[change.Host]],
                        Rules = [new() { BackendRefs = [new() { Name = service.Name, Port = 8080 }] }],
                    },
                });
                return [route];
        }
    }

    private static IEnumerable<ObjectKey> RoutesTo(ObjectKey service, DeclaredCluster view) => view.Routes
        .Where(route => route.Spec.Rules.Any(rule => rule.BackendRefs.Any(reference => reference.Name == service.Name)))
        .Select(route => route.Metadata.Key)
        .ToList();

    private sealed record Change(int What, int Which, int Value, int Host);
}
