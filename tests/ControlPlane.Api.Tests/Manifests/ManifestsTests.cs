using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Manifests;

public sealed class ManifestsTests(RunningControlPlane running)
{
    [Fact]
    public async Task Manifests_are_applied_under_the_consoles_name_and_a_second_time_change_nothing()
    {
        var ns = await running.NamespaceAsync();

        var first = (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order"))).Ok();
        var stored = await StoredAsync(ns);
        var second = (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order"))).Ok();

        Assert.Equal(("Create", "Unchanged"), ((string)first["manifests"]![0]!["action"]!, (string)second["manifests"]![0]!["action"]!));
        var manager = stored["metadata"]!["managedFields"]!.AsArray().First(entry => entry!["subresource"] is null)!;
        Assert.Equal((FleetApi.ConsoleFieldManager, "Apply"), ((string)manager["manager"]!, (string)manager["operation"]!));
        Assert.Equal((long)stored["metadata"]!["generation"]!, (long)(await StoredAsync(ns))["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task What_a_GitOps_tool_keeps_is_left_to_it_and_nothing_else_is_applied_either()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"), manager: "argocd-controller");
        await running.Cluster.PatchAsync(
            ManagedService.ResourceType, new(ns, "order"), """{"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop:fleet/ManagedService:x/order"}}}""");

        var answer = await running.PostYamlAsync("/api/v1/manifests", $"{Declarations.Service(ns, "fresh")}---\n{Declarations.Service(ns, "order", tier: "High")}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("Argo CD application shop", (string)Assert.Single(answer.Json["manifests"]!.AsArray())!["problem"]!, StringComparison.Ordinal);
        Assert.Equal("Standard", (string)(await StoredAsync(ns))["spec"]!["tier"]!);
        Assert.Single(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));
    }

    [Fact]
    public async Task A_manifest_that_names_an_older_version_is_refused_as_a_conflict()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        var old = (string)(await StoredAsync(ns))["metadata"]!["resourceVersion"]!;
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order", tier: "High"));

        var edited = Declarations.Service(ns, "order", tier: "Critical").Replace("  name: order", $"  resourceVersion: \"{old}\"\n  name: order", StringComparison.Ordinal);
        var answer = await running.PostYamlAsync("/api/v1/manifests", edited);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("modified", (string)answer.Json["plan"]!["manifests"]![0]!["problems"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal("High", (string)(await StoredAsync(ns))["spec"]!["tier"]!);
    }

    [Fact]
    public async Task The_value_of_a_secret_is_never_shown()
    {
        var ns = await running.NamespaceAsync();
        var yaml = $"{{apiVersion: v1, kind: Secret, metadata: {{name: key, namespace: {ns}}}, stringData: {{password: do-not-repeat-me}}}}";

        var plan = await running.PostYamlAsync("/api/v1/plans", yaml);

        Assert.Equal("Create", (string)plan.Ok()["manifests"]![0]!["action"]!);
        Assert.DoesNotContain("do-not-repeat-me", plan.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("do-not-repeat-me"u8), plan.Text, StringComparison.Ordinal);
    }

    private Task<JsonObject> StoredAsync(string ns) => running.Cluster.GetAsync(ManagedService.ResourceType, new(ns, "order"));
}
