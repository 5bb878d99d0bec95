using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>What the gateway reports in the status of objects, as an API server stores it.</summary>
public sealed class StatusTests(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_class_is_accepted_and_says_what_the_gateway_can()
    {
        await RunningGateway.UntilAsync(
            gateway.Caches.ClassInformer,
            new ObjectKey("", "dabbawala"),
            item => item.Status is { } status && status.Conditions.Any(condition => condition is { Type: "Accepted", Status: "True" }) && status.SupportedFeatures.Count > 20,
            "the class was not accepted");

        Assert.Equal(GatewayApi.SupportedFeatures.Order(StringComparer.Ordinal), GatewayApi.SupportedFeatures);
    }

    [Fact]
    public async Task Routes_that_come_and_go_are_counted_at_their_listener()
    {
        await gateway.ApplyAsync(Gateway("counted"));
        await gateway.ApplyAsync(Route("counted-route", "counted"));
        await UntilGatewayAsync("counted", status => status.Listeners.Any(listener => listener.AttachedRoutes == 1));

        await gateway.Api.DeleteAsync(GatewayApi.HttpRoutes, new ObjectKey(RunningGateway.Namespace, "counted-route"), new DeletePreconditions(), null, Ending);

        await UntilGatewayAsync("counted", status => status.Listeners.Any(listener => listener.AttachedRoutes == 0));
    }

    [Fact]
    public async Task An_address_that_can_not_be_listened_on_is_reported_and_the_others_go_on()
    {
        await gateway.ApplyAsync(Gateway("nowhere", "addresses: [{type: IPAddress, value: 192.0.2.1}],")); // TEST-NET-1: nobody's

        await UntilGatewayAsync("nowhere", status => status.Conditions.Any(condition => condition is { Type: "Programmed", Status: "False", Reason: "AddressNotUsable" }));
        await gateway.RouteAsync("still-there", "still-there.test", "[{filters: [{type: RequestRedirect, requestRedirect: {hostname: x.test}}]}]");
        using var response = await gateway.SendAsync("still-there.test", "/");
        Assert.Equal(System.Net.HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public async Task A_route_finds_what_it_names_when_that_comes_later_and_loses_it_when_it_goes()
    {
        var key = new ObjectKey(RunningGateway.Namespace, "early");
        await gateway.RouteAsync("early", "early.test", "[{backendRefs: [{name: late, port: 80}]}, {matches: [{path: {value: /far}}], backendRefs: [{name: far, namespace: away, port: 80}]}]");
        Assert.Equal("BackendNotFound", ReasonOf(gateway.Caches.FindRoute(key)!));

        await gateway.AddServiceAsync("late");
        await RunningGateway.UntilAsync(gateway.Caches.RouteInformer, key, static route => ReasonOf(route) == "RefNotPermitted", "the route did not find the service");
        Assert.Equal("late-1", (await gateway.EchoAsync("early.test", "/")).Instance);

        await gateway.ApplyAsync("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: away}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: far, namespace: away}
            spec: {ports: [{port: 80}]}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: ReferenceGrant
            metadata: {name: far, namespace: away}
            spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}], to: [{group: "", kind: Service}]}
            """);
        await RunningGateway.UntilAsync(gateway.Caches.RouteInformer, key, static route => ReasonOf(route) == "ResolvedRefs", "the route did not find the grant");

        await gateway.Api.DeleteAsync(KnownResources.Services, new ObjectKey(RunningGateway.Namespace, "late"), new DeletePreconditions(), null, Ending);
        await RunningGateway.UntilAsync(gateway.Caches.RouteInformer, key, static route => ReasonOf(route) == "BackendNotFound", "the route did not lose the service");

        static string? ReasonOf(HttpRoute route) => route.Status?.Parents.SelectMany(parent => parent.Conditions).FirstOrDefault(condition => condition.Type == "ResolvedRefs")?.Reason;
    }

    [Fact]
    public async Task What_other_controllers_say_of_a_route_stays()
    {
        await gateway.ApplyAsync(Route("shared", "main"));
        var key = new ObjectKey(RunningGateway.Namespace, "shared");
        var route = gateway.Caches.FindRoute(key)!;
        RouteParentStatus[] parents = [.. route.Status!.Parents, Foreign(route)];
        await gateway.Api.MergePatchAsync(
            GatewayApi.HttpRoutes,
            key,
            JsonSerializer.SerializeToUtf8Bytes(new { status = new { parents } }, KubeJson.Options),
            new WriteOptions { FieldManager = "others", Subresource = "status" },
            Ending);

        await gateway.ApplyAsync(Route("shared", "main", "shared-2.test"));

        Assert.Equal(["dabbawala.dev/gateway", "others.dev/gateway"], gateway.Caches.FindRoute(key)!.Status!.Parents.Select(parent => parent.ControllerName).Order());
    }

    [Fact]
    public async Task A_route_that_leaves_loses_what_the_gateway_said_of_it()
    {
        await gateway.ApplyAsync(Route("leaving", "main"));
        var key = new ObjectKey(RunningGateway.Namespace, "leaving");

        await gateway.Api.MergePatchAsync(
            GatewayApi.HttpRoutes,
            key,
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["spec"] = new JsonObject { ["parentRefs"] = new JsonArray(new JsonObject { ["name"] = "somebody-elses" }) } }),
            new WriteOptions { FieldManager = "test" },
            Ending);

        await RunningGateway.UntilAsync(gateway.Caches.RouteInformer, key, static route => route.Status is { Parents.Count: 0 }, "the status stayed");
    }

    [Fact]
    public async Task A_status_that_somebody_else_changed_is_put_right()
    {
        await gateway.ApplyAsync(Route("meddled", "main"));
        var key = new ObjectKey(RunningGateway.Namespace, "meddled");

        await gateway.Api.MergePatchAsync(
            GatewayApi.HttpRoutes, key, """{"status":{"parents":[]}}"""u8.ToArray(), new WriteOptions { FieldManager = "others", Subresource = "status" }, Ending);

        await RunningGateway.UntilAsync(gateway.Caches.RouteInformer, key, static route => route.Status is { Parents.Count: 1 }, "the status was not put right");
    }

    private Task UntilGatewayAsync(string name, Func<GatewayStatus, bool> holds) => RunningGateway.UntilAsync(
        gateway.Caches.GatewayInformer, new ObjectKey(RunningGateway.Namespace, name), item => item.Status is { } status && holds(status), $"the status of {name} did not come to be");

    private static RouteParentStatus Foreign(HttpRoute route) => new()
    {
        ParentRef = new() { Name = "theirs" },
        ControllerName = "others.dev/gateway",
        Conditions = [new() { Type = "Accepted", Status = "True", Reason = "Accepted", ObservedGeneration = route.Metadata.Generation, LastTransitionTime = DateTimeOffset.UnixEpoch }],
    };

    private static string Gateway(string name, string more = "") => $$$$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: "{{{{name}}}}"}
        spec: {gatewayClassName: dabbawala, {{{{more}}}} listeners: [{name: http, port: 8080, protocol: HTTP}]}
        """;

    private static string Route(string name, string parent, string? host = null) => $$$$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: "{{{{name}}}}"}
        spec:
          parentRefs: [{name: "{{{{parent}}}}"}]
          hostnames: ["{{{{host ?? name + ".test"}}}}"]
          rules: [{filters: [{type: RequestRedirect, requestRedirect: {hostname: x.test}}]}]
        """;
}
