using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.History;

public sealed class HistoryRecorderTests(RunningControlPlane running)
{
    [Fact]
    public async Task What_is_declared_changed_and_deleted_in_the_cluster_can_be_asked_for_afterwards()
    {
        var key = new ObjectKey(await running.NamespaceAsync(), "order");
        await running.Cluster.ApplyAsync(Declarations.Service(key.Namespace, key.Name, image: "fleet/app:1.0.0"));
        var created = await RecordedAsync(key, "Created");
        await running.Cluster.ApplyAsync(Declarations.Service(key.Namespace, key.Name, image: "fleet/app:1.1.0"));
        var changed = await RecordedAsync(key, "Changed");
        await running.Cluster.DeleteAsync(ManagedService.ResourceType, key);
        await RecordedAsync(key, "Deleted");

        var then = (await running.GetAsync($"/api/v1/history/services/{key}?at={At(created)}")).Ok();
        Assert.Contains("fleet/app:1.0.0", (string)then["manifest"]!, StringComparison.Ordinal);
        var diff = (await running.GetAsync($"/api/v1/history/services/{key}/diff?from={At(created)}&to={At(changed)}")).Ok();
        Assert.Equal(["spec.workload.image"], diff["fields"]!.AsArray().Select(field => (string)field!["path"]!));
        Assert.Null((await running.GetAsync($"/api/v1/history/services/{key}")).Ok()["manifest"]);
        var changes = (await running.GetAsync($"/api/v1/history/changes?namespace={key.Namespace}")).Ok();
        Assert.Equal(["Deleted", "Changed", "Created"], changes["items"]!.AsArray().Select(change => (string)change!["kind"]!));
        Assert.Contains((await running.GetAsync($"/api/v1/history/fleet?at={At(created)}")).Ok()["services"]!.AsArray(), service => (string)service!["namespace"]! == key.Namespace);
    }

    private static string At(JsonNode change) => Uri.EscapeDataString((string)change["at"]!);

    /// <summary>Waits until the log holds a change: the recorder follows the cache, so it comes after it.</summary>
    private async Task<JsonNode> RecordedAsync(ObjectKey key, string kind)
    {
        await running.Audit.UntilAsync(record => record.Action == "history.snapshot" && record.Object!.Namespace == key.Namespace && (string?)record.Details?["change"] == kind);
        var page = (await running.GetAsync($"/api/v1/history/changes?namespace={key.Namespace}&service={key.Name}")).Ok();
        return page["items"]![0]!;
    }
}
