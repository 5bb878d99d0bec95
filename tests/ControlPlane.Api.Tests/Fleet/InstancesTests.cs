using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Fleet;

public sealed class InstancesTests(RunningControlPlane running)
{
    [Fact]
    public async Task Only_healthy_instances_are_handed_out_unless_all_are_asked_for()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Adopted(ns, healthCheck: null, port: 8080));
        await KnownAsync(ns, 3);

        var healthy = (await running.GetAsync($"/api/v1/services/{ns}/legacy/instances")).Ok();
        var all = (await running.GetAsync($"/api/v1/services/{ns}/legacy/instances?all=true")).Ok();

        var instance = Assert.Single(healthy["instances"]!.AsArray())!;
        Assert.Equal(("10.0.0.1", "Healthy", 8080), ((string)instance["address"]!, (string)instance["state"]!, (int)instance["ports"]![0]!["port"]!));
        Assert.Equal(("asia-south1-a", "node-1"), ((string)instance["zone"]!, (string)instance["node"]!));
        Assert.Equal(3, (int)healthy["known"]!);
        Assert.Equal(
            ["10.0.0.1 Healthy", "10.0.0.2 NotReady", "10.0.0.3 Terminating"],
            all["instances"]!.AsArray().Select(item => $"{item!["address"]} {item["state"]}").Order());
        Assert.Null(healthy["preservingSince"]);
    }

    [Fact]
    public async Task An_instance_that_fails_the_control_planes_own_check_is_withheld_with_the_reason()
    {
        await using var failing = await FailingInstance.StartAsync();
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Adopted(ns, "{path: /health, intervalSeconds: 5, unhealthyThreshold: 1}", failing.Port, FailingInstance.Address));
        await failing.Asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var instance = await WithheldAsync(ns, FailingInstance.Address);

        Assert.Equal("Unhealthy", (string)instance["state"]!);
        Assert.Contains("503", (string)instance["reason"]!, StringComparison.Ordinal);
        Assert.NotNull(instance["checkedAt"]);
    }

    /// <summary>Follows the directory's own signal: the verdict comes after the answer, with no change in the cluster.</summary>
    private async Task<JsonNode> WithheldAsync(string ns, string address)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running.Instances.Changed += service =>
        {
            if (service.Namespace == ns)
            {
                changed.TrySetResult();
            }
        };
        if (await FindAsync(ns, address) is { } found && (string?)found["state"] == "Unhealthy")
        {
            return found;
        }

        await changed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return (await FindAsync(ns, address))!;
    }

    private async Task<JsonNode?> FindAsync(string ns, string address) =>
        (await running.GetAsync($"/api/v1/services/{ns}/legacy/instances?all=true")).Ok()["instances"]!.AsArray().FirstOrDefault(item => (string)item!["address"]! == address);

    private Task KnownAsync(string ns, int count) => running.Caches.UntilAsync(
        () => running.Caches.Services.Cache.Find(new(ns, "legacy")) is not null && running.Instances.Find(new(ns, "legacy")) is { } known && known.Count == count ? known : null,
        () => $"{running.Instances.Find(new(ns, "legacy")).Count} instances");

    /// <summary>A service whose endpoints somebody keeps by hand: one serves, one is not ready, one is on its way out.</summary>
    private static string Adopted(string ns, string? healthCheck, int port, string first = "10.0.0.1") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: legacy, namespace: {{ns}}}
        spec:
          ports: [{name: http, port: {{port}}}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: legacy-1
          namespace: {{ns}}
          labels: {kubernetes.io/service-name: legacy}
        addressType: IPv4
        ports: [{name: http, port: {{port}}, protocol: TCP}]
        endpoints:
        - addresses: ["{{first}}"]
          nodeName: node-1
          zone: asia-south1-a
          conditions: {ready: true, serving: true, terminating: false}
        - addresses: ["10.0.0.2"]
          conditions: {ready: false, serving: false, terminating: false}
        - addresses: ["10.0.0.3"]
          conditions: {ready: false, serving: true, terminating: true}
        ---
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata: {name: legacy, namespace: {{ns}}}
        spec:
          owner: {team: legacy}
          {{(healthCheck is null ? "" : $"healthCheck: {healthCheck}")}}
          workloadRef: {kind: StatefulSet, name: legacy}
        """;
}
