using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

/// <summary>The registry operator against an API server: what planners can't show.</summary>
public sealed class ReconcilingTests : IAsyncLifetime
{
    private TestCluster? _cluster;
    private RunningOperators? _operators;

    private TestCluster Cluster => _cluster!;

    private FleetCaches Caches => _operators!.Caches;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _operators = await RunningOperators.StartAsync(_cluster);
    }

    public async ValueTask DisposeAsync()
    {
        if (_operators is not null)
        {
            await _operators.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_declared_service_gets_its_objects()
    {
        await DeclareAsync("order");

        Assert.Equal(
            ["Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"],
            Caches.OwnedBy(Samples.Key("order")).Select(item => item.Type.Kind).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_event_tells_of_all_objects_that_were_made_for_a_service()
    {
        await DeclareAsync("order");
        await Cluster.PatchAsync(ManagedService.ResourceType, Samples.Key("order"), """{"spec":{"workload":{"image":"fleet/order:2.0.0"}}}""");

        await Caches.UntilAsync(() => Notes().FirstOrDefault(note => note == "Deployment order was updated"), () => string.Join("; ", Notes()));
        var made = Assert.Single(Notes(), note => note.EndsWith("were created", StringComparison.Ordinal));
        Assert.Equal(6, made.Split(", ").Length);

        IEnumerable<string> Notes() => Caches.Events.Cache.Snapshot().Where(item => item.Regarding.Name == "order").Select(item => item.Note ?? "");
    }

    [Fact]
    public async Task A_hand_edit_is_put_back_and_an_event_says_who_changed_which_field()
    {
        await DeclareAsync("order");

        await Cluster.PatchAsync(KnownResources.Services, Samples.Key("order"), """{"spec":{"selector":{"track":"canary"}}}""", manager: "kubectl-edit");

        var repaired = await Caches.UntilAsync(
            () => Caches.Events.Cache.Snapshot().FirstOrDefault(item => item.Reason == "DriftRepaired"),
            () => string.Join("; ", Caches.Events.Cache.Snapshot().Select(item => item.Note)));
        Assert.Contains("'kubectl-edit'", repaired.Note, StringComparison.Ordinal);
        Assert.Contains(".spec.selector", repaired.Note, StringComparison.Ordinal);
        Assert.Null((await Cluster.GetAsync(KnownResources.Services, Samples.Key("order")))["spec"]!["selector"]!["track"]);
        var service = await Caches.UntilAsync(
            () => Caches.Services.Cache.Find(Samples.Key("order")) is { Status.Drift.Repairs: 1 } counted ? counted : null,
            () => $"{Caches.Services.Cache.Find(Samples.Key("order"))?.Status}");
        Assert.Equal("kubectl-edit", service.Status!.Drift!.LastManager);
    }

    [Fact]
    public async Task The_autoscalers_replicas_are_left_alone_also_when_the_deployment_is_written()
    {
        await DeclareAsync("order");

        await Cluster.PatchAsync(KnownResources.Deployments, Samples.Key("order"), """{"spec":{"replicas":7}}""", manager: "horizontal-pod-autoscaler");
        await Cluster.PatchAsync(ManagedService.ResourceType, Samples.Key("order"), """{"spec":{"workload":{"image":"fleet/order:2.0.0"}}}""");

        await Caches.UntilAsync(
            () => Caches.Owned(KnownResources.Deployments).Cache.Find(Samples.Key("order")) is { } live && ImageOf(live.Read<JsonObject>()) == "fleet/order:2.0.0" ? live : null,
            () => "the old image");
        Assert.Equal(7, (int)(await Cluster.GetAsync(KnownResources.Deployments, Samples.Key("order")))["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Deleting_a_service_removes_what_was_made_for_it_and_nothing_else()
    {
        await DeclareAsync("order");
        await DeclareAsync("payment");
        await Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: order-legacy, namespace: shop, labels: {app.kubernetes.io/name: order} }
            spec:
              selector: {app.kubernetes.io/name: order}
              ports: [{port: 80}]
            """);

        await Cluster.DeleteAsync(ManagedService.ResourceType, Samples.Key("order"));

        await Caches.UntilAsync(
            () => Caches.Services.Cache.Find(Samples.Key("order")) is null && Caches.OwnedBy(Samples.Key("order")).Count == 0 ? Caches : null,
            () => string.Join(", ", Caches.OwnedBy(Samples.Key("order")).Select(item => item.Type.Kind)));
        Assert.Equal(6, Caches.OwnedBy(Samples.Key("payment")).Count);
        Assert.Equal(["order-legacy", "payment"], (await Cluster.ListAsync(KnownResources.Services, Samples.Namespace)).Select(item => (string)item["metadata"]!["name"]!));
    }

    [Fact]
    public async Task An_adopted_workload_is_watched_and_never_written()
    {
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Deployment("legacy")));
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Adopting("legacy")));
        await VersionAsync("legacy", "2.1.0");

        await Cluster.PatchAsync(
            KnownResources.Deployments, Samples.Key("legacy"), """{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"company/legacy:2.2.0"}]}}}}""");
        await VersionAsync("legacy", "2.2.0");

        var deployment = await Cluster.GetAsync(KnownResources.Deployments, Samples.Key("legacy"));
        Assert.DoesNotContain(
            deployment["metadata"]!["managedFields"]!.AsArray().Select(entry => (string)entry!["manager"]!),
            manager => manager.StartsWith(FleetApi.OperatorFieldManager, StringComparison.Ordinal));
        Assert.Empty(Caches.OwnedBy(Samples.Key("legacy")));
    }

    [Fact]
    public async Task An_invalid_service_says_which_field_and_its_neighbours_converge()
    {
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("order", "nobody")));
        await DeclareAsync("payment");

        var accepted = await Caches.UntilAsync(
            () => Caches.Services.Cache.Find(Samples.Key("order"))?.Status?.Conditions.Find(ManagedServiceConditions.Accepted),
            () => $"{Caches.Services.Cache.Find(Samples.Key("order"))?.Status}");
        Assert.Equal(ConditionStatus.False, accepted.Status);
        Assert.Contains("spec.dependsOn[0]", accepted.Message, StringComparison.Ordinal);
        Assert.Contains("nobody", accepted.Message, StringComparison.Ordinal);
        Assert.Empty(Caches.OwnedBy(Samples.Key("order")));

        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service("nobody")));
        await Caches.ConvergedAsync(Samples.Key("order"));
    }

    private async Task DeclareAsync(string name)
    {
        await Cluster.ApplyAsync(Samples.Manifest(Samples.Service(name)));
        await Caches.ConvergedAsync(Samples.Key(name));
    }

    private Task VersionAsync(string name, string version) => Caches.UntilAsync(
        () => Caches.Services.Cache.Find(Samples.Key(name)) is { Status.Image: { } image } service && image.EndsWith(version, StringComparison.Ordinal) ? service : null,
        () => $"{Caches.Services.Cache.Find(Samples.Key(name))?.Status}");

    private static string? ImageOf(JsonObject deployment) => (string?)deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["image"];
}
