using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

public sealed class NodeRegistrationTests : IAsyncLifetime
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private readonly TestClock _clock = new();
    private RunningCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await RunningCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Three_nodes_in_three_zones_are_registered_and_ready()
    {
        await _cluster.StartAgentAsync();

        var nodes = await _cluster.Nodes.UntilAll(all => all.Count == 3 && all.All(node => node.IsReady));

        Assert.Equal(["asia-south1-a", "asia-south1-b", "asia-south1-c"], nodes.Select(node => node.Zone).Order(StringComparer.Ordinal));
        Assert.All(nodes, node =>
        {
            Assert.Equal(node.Metadata.Name, node.Metadata.Labels[Node.HostnameLabel]);
            Assert.Equal("asia-south1", node.Metadata.Labels[Node.RegionLabel]);
            Assert.Equal("110", node.Status.Allocatable["pods"].ToString());
            Assert.NotEqual(0, node.Status.DaemonEndpoints?.KubeletEndpoint?.Port ?? 0);
        });
    }

    [Fact]
    public async Task A_lease_is_renewed_every_ten_seconds()
    {
        await _cluster.StartAgentAsync(_clock, _cluster.Agent with { Nodes = 1 });
        var first = await _cluster.Leases.Until("dabbawala-1", lease => lease.Spec.RenewTime is not null);

        await _clock.FireAsync(Renewal, Renewal);

        var second = await _cluster.Leases.Until("dabbawala-1", lease => lease.Spec.RenewTime > first.Spec.RenewTime);
        Assert.Equal(Renewal, second.Spec.RenewTime - first.Spec.RenewTime);
        Assert.Equal(40, second.Spec.LeaseDurationSeconds);
        Assert.Equal("dabbawala-1", second.Spec.HolderIdentity);
    }

    [Fact]
    public async Task A_node_that_was_given_up_says_at_its_next_beat_that_it_is_sound()
    {
        await _cluster.StartAgentAsync(_clock, _cluster.Agent with { Nodes = 1 });
        await _cluster.Leases.Until("dabbawala-1", lease => lease.Spec.RenewTime is not null);
        var lost = new StatusCondition { Type = Node.ReadyCondition, Status = ConditionStatus.Unknown, Reason = "NodeStatusUnknown" };
        var status = new JsonObject { ["conditions"] = new JsonArray(ObjectWriter.ToJson(lost)) };
        await _cluster.PatchStatusAsync(KnownResources.Nodes, "dabbawala-1", status);
        await _cluster.Nodes.Until("dabbawala-1", node => !node.IsReady);

        await _clock.FireAsync(Renewal, Renewal);

        await _cluster.Nodes.Until("dabbawala-1", node => node.IsReady);
    }

    [Fact]
    public async Task A_label_that_somebody_took_away_comes_back_when_the_agent_starts_again()
    {
        var agent = await _cluster.StartAgentAsync();
        await _cluster.Nodes.Until("dabbawala-2", node => node.IsReady);
        await agent.StopAsync(CancellationToken.None);
        await _cluster.PatchAsync(
            KnownResources.Nodes, "dabbawala-2", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [Node.ZoneLabel] = null } } });
        await _cluster.Nodes.Until("dabbawala-2", node => node.Zone is null);

        await _cluster.StartAgentAsync();

        await _cluster.Nodes.Until("dabbawala-2", node => node.Zone == "asia-south1-b");
    }
}
