using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Onboarding;

public sealed class ProposalsTests(RunningControlPlane running)
{
    private const string Path = "/api/v1/onboarding/proposals";

    [Fact]
    public async Task Manifests_are_proposed_with_the_source_of_each_value_and_findings_with_their_line()
    {
        var ns = await running.NamespaceAsync();

        var answer = (await running.PostYamlAsync($"{Path}?file=cart.yaml", ExistingShop.Workload(ns))).Ok();

        var proposal = Assert.Single(answer["proposals"]!.AsArray())!;
        Assert.Equal((ns, "cart", $"Deployment {ns}/cart"), ((string)proposal["namespace"]!, (string)proposal["name"]!, (string)proposal["workload"]!));
        Assert.Equal("checkout", (string)proposal["manifest"]!["spec"]!["owner"]!["team"]!);
        Assert.Equal("cart-front", (string)proposal["manifest"]!["spec"]!["workloadRef"]!["service"]!);
        Assert.Contains("metadata.labels[team]", (string)proposal["derivations"]!.AsArray().Single(item => (string)item!["field"]! == "spec.owner.team")!["source"]!, StringComparison.Ordinal);
        var finding = answer["findings"]!.AsArray().First(item => (string)item!["field"]! == "spec.template.spec.containers[0].livenessProbe")!;
        Assert.Equal(("Deployment", "cart", "cart.yaml", 16), ((string)finding["kind"]!, (string)finding["name"]!, (string)finding["file"]!, (int)finding["line"]!));
        Assert.Empty(await running.Cluster.ListAsync(KnownResources.Deployments, ns));
    }

    [Fact]
    public async Task What_runs_in_a_namespace_is_proposed_and_the_proposal_can_be_applied()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(ExistingShop.Workload(ns));

        var answer = (await running.PostJsonAsync(Path, new JsonObject { ["namespace"] = ns })).Ok();

        Assert.Empty(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));
        var proposal = Assert.Single(answer["proposals"]!.AsArray())!;
        Assert.False((bool)proposal["needsOwner"]!);
        (await running.PostYamlAsync("/api/v1/manifests", (string)proposal["yaml"]!)).Ok();
        await running.DeclaredAsync(new(ns, "cart"));
        Assert.Empty((await running.PostJsonAsync(Path, new JsonObject { ["namespace"] = ns })).Ok()["proposals"]!.AsArray());
    }

    [Fact]
    public async Task A_service_without_a_known_owner_is_not_accepted_until_one_is_filled_in()
    {
        var ns = await running.NamespaceAsync();
        var yaml = ExistingShop.Workload(ns).Replace("  labels: {team: checkout}\n", "", StringComparison.Ordinal);

        var proposal = (await running.PostYamlAsync(Path, yaml)).Ok()["proposals"]![0]!;
        var plan = (await running.PostYamlAsync("/api/v1/plans", (string)proposal["yaml"]!)).Ok();

        Assert.True((bool)proposal["needsOwner"]!);
        Assert.Equal("spec.owner.team", (string)plan["manifests"]![0]!["problems"]![0]!["field"]!);
    }

    [Fact]
    public async Task The_value_of_a_secret_is_never_shown()
    {
        var ns = await running.NamespaceAsync();

        var answer = await running.PostYamlAsync(
            Path, $"{ExistingShop.Workload(ns)}\n---\n{{apiVersion: v1, kind: Secret, metadata: {{name: key, namespace: {ns}}}, stringData: {{password: do-not-repeat-me}}}}");

        Assert.Contains(answer.Ok()["findings"]!.AsArray(), item => (string)item!["kind"]! == "Secret");
        Assert.DoesNotContain("do-not-repeat-me", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_a_problem() =>
        Assert.Contains("nowhere", (string)(await running.PostJsonAsync(Path, new JsonObject { ["namespace"] = "nowhere" })).Problem(HttpStatusCode.NotFound)["detail"]!, StringComparison.Ordinal);
}
