using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
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

        var edited = Declarations.Service(ns, "order", tier: "Low").Replace("  name: order", $"  resourceVersion: \"{old}\"\n  name: order", StringComparison.Ordinal);
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

    [Fact]
    public async Task A_change_is_on_record_with_what_was_before_and_after_and_what_operators_do_then_can_be_traced_to_it()
    {
        var ns = await running.NamespaceAsync();
        (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order"))).Ok();
        (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order", tier: "High"))).Ok();

        var done = running.Log.Events.Last(item => item.Object is { Kind: "ManagedService" } at && at.Namespace == ns);
        Assert.Equal((AuditOutcome.Succeeded, "manifests.apply"), (done.Outcome, done.Action));
        Assert.Equal(("Standard", "High"), ((string)done.Before!["spec"]!["tier"]!, (string)done.After!["spec"]!["tier"]!));
        var metadata = (await StoredAsync(ns))["metadata"]!;
        Assert.Equal($"{(long)metadata["generation"]!}.{done.CorrelationId}", (string)metadata["annotations"]![FleetApi.ChangeAnnotation]!);
    }

    [Fact]
    public async Task A_change_of_what_stops_money_takes_a_reason()
    {
        var ns = await running.NamespaceAsync();
        var yaml = Declarations.Service(ns, "order", tier: "Critical");

        var problem = (await running.PostYamlAsync("/api/v1/manifests", yaml)).Problem(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("reason", (string)problem["field"]!);
        Assert.Empty(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/manifests") { Content = new StringContent(yaml, Encoding.UTF8, "application/yaml") };
        request.Headers.Add("X-Reason", Uri.EscapeDataString("Diwali — more of it"));
        (await running.SendAsync(request)).Ok();
        Assert.Equal("Diwali — more of it", running.Log.Events.Last(item => item.Action == "manifests.apply" && item.Object?.Namespace == ns).Reason);
    }

    [Fact]
    public async Task What_would_do_something_else_than_what_was_looked_at_is_not_applied()
    {
        var ns = await running.NamespaceAsync();
        var yaml = Declarations.Service(ns, "order", tier: "High");
        var looked = (await running.PostYamlAsync("/api/v1/plans", yaml)).ETag;
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));

        Assert.Equal("If-Match", (string)(await ApplyAsync(yaml, looked)).Problem(HttpStatusCode.PreconditionFailed)["field"]!);
        Assert.Equal("Standard", (string)(await StoredAsync(ns))["spec"]!["tier"]!);

        await running.Caches.SettledAsync(new(ns, "order"));
        (await ApplyAsync(yaml, (await running.PostYamlAsync("/api/v1/plans", yaml)).ETag)).Ok();
    }

    [Fact]
    public async Task Who_may_only_look_changes_nothing()
    {
        var ns = await running.NamespaceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/manifests") { Content = new StringContent(Declarations.Service(ns, "order"), Encoding.UTF8, "application/yaml") };

        var problem = (await running.SendAsync(request.As(TestCaller.Of("viewer", new RoleGrant(Role.Viewer))))).Problem(HttpStatusCode.Forbidden);

        Assert.Equal("manifests.apply", (string)problem["permission"]!);
        Assert.Empty(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));
        Assert.Equal(AuditOutcome.Refused, running.Log.Events.Single(item => item.Object?.Namespace == ns).Outcome);
    }

    private async Task<Answer> ApplyAsync(string yaml, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/manifests") { Content = new StringContent(yaml, Encoding.UTF8, "application/yaml") };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await running.SendAsync(request);
    }

    private Task<JsonObject> StoredAsync(string ns) => running.Cluster.GetAsync(ManagedService.ResourceType, new(ns, "order"));
}
