using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class PolicyEditorTests(RunningControlPlane running)
{
    private const string Two = """{"targetRefs":[{"kind":"ManagedService","name":"order"}],"limits":[{"name":"a","requests":5,"per":"Minute"},{"name":"b","requests":9,"per":"Hour"}]}""";
    private const string One = """{"targetRefs":[{"kind":"ManagedService","name":"order"}],"limits":[{"name":"a","requests":5,"per":"Minute"}]}""";

    [Fact]
    public async Task A_new_policy_is_written_by_the_console_s_name_and_goes_on_record()
    {
        var ns = await running.NamespaceAsync();

        var written = await PutAsync(ns, "limits", Two, version: null);

        Assert.Equal(2, written.Ok()["draft"]!["spec"]!["limits"]!.AsArray().Count);
        var stored = await StoredAsync(ns, "limits");
        Assert.Equal(FleetApi.ConsoleFieldManager, (string)Assert.Single(stored["metadata"]!["managedFields"]!.AsArray(), entry => (string?)entry!["subresource"] != "status")!["manager"]!);
        var entry = running.Log.Events.Last(item => item.Object?.Namespace == ns);
        Assert.Equal(("policies.write", AuditOutcome.Succeeded, "RateLimitPolicy"), (entry.Action, entry.Outcome, entry.Object!.Kind));
        Assert.Equal((null, 2), (entry.Before, entry.After!["spec"]!["limits"]!.AsArray().Count));
    }

    [Fact]
    public async Task What_is_taken_out_is_gone_whoever_said_it_before()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync($$"""{"apiVersion":"fleet.dabbawala.dev/v1alpha1","kind":"RateLimitPolicy","metadata":{"name":"limits","namespace":"{{ns}}"},"spec":{{Two}}}""");

        var version = (await running.GetAsync(Address(ns, "limits"))).ETag;
        (await PutAsync(ns, "limits", One, version)).Ok();

        Assert.Equal("a", (string)Assert.Single((await StoredAsync(ns, "limits"))["spec"]!["limits"]!.AsArray())!["name"]!);
    }

    [Fact]
    public async Task A_policy_that_somebody_changed_meanwhile_is_not_written_over()
    {
        var ns = await running.NamespaceAsync();
        var version = (await PutAsync(ns, "limits", Two, version: null)).ETag;
        await running.Cluster.PatchAsync(RateLimitPolicy.ResourceType, new(ns, "limits"), """{"spec":{"shadow":true}}""");

        var refused = await PutAsync(ns, "limits", One, version);

        Assert.Equal("metadata.generation", (string)refused.Problem(HttpStatusCode.Conflict)["field"]!);
        Assert.Equal(2, (await StoredAsync(ns, "limits"))["spec"]!["limits"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_new_policy_is_not_written_over_one_of_its_name()
    {
        var ns = await running.NamespaceAsync();
        (await PutAsync(ns, "limits", Two, version: null)).Ok();

        Assert.Equal("metadata.name", (string)(await PutAsync(ns, "limits", One, version: null)).Problem(HttpStatusCode.Conflict)["field"]!);
    }

    [Theory]
    [InlineData("""{"targetRefs":[{"kind":"ManagedService","name":"order"}],"limits":[{"name":"a","requests":0,"per":"Minute"}]}""", "spec.limits[0].requests")]
    [InlineData("""{"targetRefs":[{"kind":"ManagedService","name":"order"}],"limits":[{"name":"a","requests":5,"per":"Minute","paths":["/a*b"]}]}""", "spec.limits[0].paths[0]")]
    public async Task What_is_wrong_is_told_by_field_and_nothing_is_written(string spec, string field)
    {
        var ns = await running.NamespaceAsync();

        Assert.Equal(field, (string)(await PutAsync(ns, "limits", spec, version: null)).Problem(HttpStatusCode.UnprocessableEntity)["field"]!);

        Assert.Empty(await running.Cluster.ListAsync(RateLimitPolicy.ResourceType, ns));
    }

    [Fact]
    public async Task What_a_GitOps_tool_keeps_is_changed_there()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync($$"""{"apiVersion":"fleet.dabbawala.dev/v1alpha1","kind":"RateLimitPolicy","metadata":{"name":"limits","namespace":"{{ns}}","labels":{"kustomize.toolkit.fluxcd.io/name":"fleet"} },"spec":{{Two}}}""");

        var found = await running.GetAsync(Address(ns, "limits"));
        var refused = (await PutAsync(ns, "limits", One, found.ETag)).Problem(HttpStatusCode.Conflict);

        Assert.Equal("Flux Kustomization fleet", (string)found.Ok()["keptBy"]!);
        Assert.Contains("it is kept by Flux Kustomization fleet", (string)refused["title"]!, StringComparison.Ordinal);
        Assert.Equal(2, (await StoredAsync(ns, "limits"))["spec"]!["limits"]!.AsArray().Count);
    }

    [Fact]
    public async Task Who_is_on_call_may_write_policies_and_who_only_looks_may_not()
    {
        var ns = await running.NamespaceAsync();

        (await PutAsync(ns, "limits", One, version: null, new RoleGrant(Role.OnCall))).Ok();
        Assert.Equal("policies.write", (string)(await PutAsync(ns, "other", One, version: null, new RoleGrant(Role.Viewer))).Problem(HttpStatusCode.Forbidden)["permission"]!);
        Assert.Equal("policies.write", (string)(await PutAsync(ns, "other", One, version: null, new RoleGrant(Role.OnCall) { Namespace = "elsewhere" })).Problem(HttpStatusCode.Forbidden)["permission"]!);
    }

    [Fact]
    public async Task A_preview_says_whom_a_policy_reaches_and_what_the_data_plane_would_not_have_of_it()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.DeclaredAsync(new ObjectKey(ns, "order"));

        var plan = (await running.PostYamlAsync("/api/v1/plans", $$"""{"apiVersion":"fleet.dabbawala.dev/v1alpha1","kind":"RateLimitPolicy","metadata":{"name":"limits","namespace":"{{ns}}"},"spec":{{Two}}}""")).Ok();

        var forecast = plan["manifests"]![0]!["forecast"]!;
        Assert.Equal(1, (int)forecast["targets"]!["matched"]!);
        Assert.Equal("NoProvider", (string)forecast["conditions"]!.AsArray().Single(condition => (string)condition!["type"]! == PolicyConditions.Programmed)!["reason"]!);
    }

    [Fact]
    public async Task A_preview_of_who_may_call_shows_the_NetworkPolicy_as_it_would_be()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "web", dependsOn: "order"));
        await running.DeclaredAsync(new ObjectKey(ns, "web"));
        await running.Caches.SettledAsync(new(ns, "order"));

        var plan = (await running.PostYamlAsync("/api/v1/plans", $$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: TrafficPolicy, metadata: {name: order, namespace: {{ns}} }, spec: {targetRefs: [{kind: ManagedService, name: order}], access: {dependents: false} } }""")).Ok();

        var shut = Assert.Single(plan["objects"]!.AsArray())!;
        Assert.Equal(("NetworkPolicy", "order", "Update"), ((string)shut["kind"]!, (string)shut["name"]!, (string)shut["action"]!));
    }

    private static string Address(string ns, string name) => $"/api/v1/policies/ratelimitpolicies/{ns}/{name}";

    private async Task<Answer> PutAsync(string ns, string name, string spec, string? version, RoleGrant? role = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Address(ns, name)) { Content = new StringContent("{\"spec\":" + spec + "}", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Reason", "INC-7");
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", version);
        }

        return await running.SendAsync(request.As(role is null ? TestCaller.Admin : TestCaller.Of("somebody", role)));
    }

    private async Task<JsonObject> StoredAsync(string ns, string name) => await running.Cluster.GetAsync(RateLimitPolicy.ResourceType, new(ns, name));
}
