using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Audit.Recording;

public sealed class ReconcileRecordingTests(RunningControlPlane running)
{
    [Fact]
    public async Task What_operators_write_because_of_a_change_can_be_traced_to_who_asked_for_it()
    {
        var ns = await running.NamespaceAsync();
        (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order"))).Ok();

        var written = await running.Log.UntilAsync(item => item.Action == "reconcile.write" && item.Object is { Kind: "Deployment" } at && at.Namespace == ns);

        var asked = running.Log.Events.First(item => item.Action == "manifests.apply" && item.Object!.Namespace == ns);
        Assert.Equal(asked.CorrelationId, written.CorrelationId);
        Assert.Equal(($"{ns}/order", "Created"), ((string)written.Details!["service"]!, (string)written.Details["change"]!));
        Assert.StartsWith("operators/", written.Source, StringComparison.Ordinal);
        Assert.NotNull(written.SourceSequence);
    }

    [Fact]
    public async Task What_operators_write_because_of_somebody_elses_edit_is_not_put_down_to_an_earlier_change()
    {
        var ns = await running.NamespaceAsync();
        (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order"))).Ok();
        await running.Log.UntilAsync(item => item.Action == "reconcile.write" && item.Object is { Kind: "Deployment" } at && at.Namespace == ns);

        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order", image: "fleet/app:2.0.0"));
        var written = await running.Log.UntilAsync(item => item.Object?.Namespace == ns && (string?)item.Details?["change"] == "Updated");

        Assert.Null(written.CorrelationId);
        Assert.Contains(written.Details!["fields"]!.AsArray(), field => ((string)field!).Contains("image", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repair_names_whose_change_it_undid()
    {
        var ns = await running.NamespaceAsync();
        (await running.PostYamlAsync("/api/v1/manifests", Declarations.Service(ns, "order"))).Ok();
        await running.Caches.SettledAsync(new(ns, "order"));
        await running.Cluster.PatchAsync(
            ControlPlane.Kubernetes.Resources.KnownResources.Services, new(ns, "order"), """{"spec":{"selector":{"track":"canary"}}}""", manager: "kubectl-edit");

        var repaired = await running.Log.UntilAsync(item => item.Object?.Namespace == ns && (string?)item.Details?["change"] == "Repaired");

        Assert.Contains("kubectl-edit", (string)repaired.Details!["undone"]!, StringComparison.Ordinal);
    }
}
