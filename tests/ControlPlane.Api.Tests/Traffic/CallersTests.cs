using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class CallersTests(RunningControlPlane running)
{
    [Fact]
    public async Task Those_that_depend_on_a_service_may_call_it_and_a_policy_can_say_otherwise()
    {
        var ns = await running.NamespaceAsync();
        await DeclareAsync(Declarations.Service(ns, "payment"), Declarations.Service(ns, "order", dependsOn: "payment"), Declarations.Service(ns, "reports"));

        Assert.Equal(["order depends admitted"], Callers(await CallersAsync(ns, "payment")));
        Assert.Equal("payment", (string)(await CallersAsync(ns, "payment"))["guards"]!["networkPolicy"]!);

        await running.Cluster.ApplyAsync($$"""
            {apiVersion: fleet.dabbawala.dev/v1alpha1, kind: TrafficPolicy, metadata: {name: payment, namespace: {{ns}} }, spec: {targetRefs: [{kind: ManagedService, name: payment}],
              access: {dependents: false, allow: [{from: [{service: reports}], methods: [GET], paths: ["/payments/*"]}]} } }
            """);
        await running.Caches.UntilAsync(() => running.Caches.Policies.Traffic.Cache.Find(new(ns, "payment")), () => "no policy");

        var narrowed = await CallersAsync(ns, "payment");
        Assert.Equal("payment", (string)narrowed["from"]!["name"]!);
        Assert.Equal(["order depends refused", "reports admitted kept-in GET /payments/*"], Callers(narrowed));
        var call = Assert.Single((await CallersAsync(ns, "order"))["calls"]!.AsArray())!;
        Assert.Equal(("payment", false), ((string)call["name"]!, (bool)call["admitted"]!));
    }

    [Fact]
    public async Task Callers_that_are_not_the_reader_s_to_see_are_counted_and_not_named()
    {
        var (ns, other) = (await running.NamespaceAsync(), await running.NamespaceAsync());
        await DeclareAsync(Declarations.Service(ns, "payment"), Declarations.Service(other, "order", dependsOn: $"payment, namespace: {ns}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/services/{ns}/payment/callers");

        var seen = (await running.SendAsync(request.As(TestCaller.Of("reader", new RoleGrant(Role.Viewer) { Namespace = ns })))).Ok();

        Assert.Equal((0, 1), (seen["callers"]!.AsArray().Count, (int)seen["hidden"]!));
    }

    [Fact]
    public async Task A_service_that_is_not_there_has_no_callers() =>
        Assert.Equal(HttpStatusCode.NotFound, (await running.GetAsync($"/api/v1/services/{await running.NamespaceAsync()}/nobody/callers")).Status);

    private async Task<JsonNode> CallersAsync(string ns, string name) => (await running.GetAsync($"/api/v1/services/{ns}/{name}/callers")).Ok();

    private static IEnumerable<string> Callers(JsonNode list) => list["callers"]!.AsArray().Select(caller => string.Join(' ', (string[])
    [
        (string)caller!["name"]!,
        .. (bool)caller["depends"]! ? ["depends"] : (string[])[],
        (bool)caller["admitted"]! ? "admitted" : "refused",
        .. (bool)caller["letOut"]! ? (string[])[] : ["kept-in"],
        .. caller["rules"]!.AsArray().Select(rule => $"{string.Join(',', rule!["methods"]!.AsArray())} {string.Join(',', rule["paths"]!.AsArray())}"),
    ]));

    private async Task DeclareAsync(params string[] services)
    {
        foreach (var service in services)
        {
            await running.Cluster.ApplyAsync(service);
            var metadata = ManifestReader.Read(service, "test").Single().Json["metadata"]!;
            await running.DeclaredAsync(new ObjectKey((string)metadata["namespace"]!, (string)metadata["name"]!));
        }
    }
}
