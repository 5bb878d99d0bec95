using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>From a probe's finding to what callers are given, through node agent and endpoint controller.</summary>
public sealed class EndpointsFollowPodsTests : IAsyncLifetime
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(7);

    private readonly TestClock _clock = new();
    private RunningCluster _cluster = null!;
    private SwitchedEndpoint _health = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        _health = await SwitchedEndpoint.StartAsync();
        await _cluster.StartControllersAsync();
        await _cluster.StartAgentAsync(_clock);
        await _cluster.Nodes.UntilAll(all => all.Count == 3);
        await _cluster.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _health.DisposeAsync();
    }

    [Fact]
    public async Task A_pod_that_is_not_ready_is_no_endpoint_to_send_callers_to()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", $"readinessProbe: {{ periodSeconds: 7, failureThreshold: 1, {_health.HttpGet} }}"));
        var slice = await _cluster.Slices.Until(slice => Web(slice) is { Conditions.Ready: true });
        var endpoint = Assert.Single(slice.Endpoints);
        Assert.Equal(("dabbawala-1", "asia-south1-a", "web"), (endpoint.NodeName, endpoint.Zone, endpoint.TargetRef?.Name));
        Assert.Equal(8080, Assert.Single(slice.Ports).Port);

        _health.Status = 503;
        await _clock.FireAsync(ProbePeriod, ProbePeriod);
        await _cluster.Slices.Until(slice => Web(slice) is { Conditions: { Ready: false, Serving: false } });

        _health.Status = 200;
        await _clock.FireAsync(ProbePeriod, ProbePeriod);
        await _cluster.Slices.Until(slice => Web(slice) is { Conditions.Ready: true });
    }

    [Fact]
    public async Task A_pod_that_is_leaving_still_serves_but_gets_no_new_callers()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", "lifecycle: {preStop: {sleep: {seconds: 5}}}"));
        await _cluster.Slices.Until(slice => Web(slice) is { Conditions.Ready: true });

        await _cluster.DeletePodAsync("web");

        await _cluster.Slices.Until(slice => Web(slice) is { Conditions: { Ready: false, Serving: true, Terminating: true } });
        await _clock.FireAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await _cluster.Slices.Until(slice => slice.Service?.Name == "web" && slice.Endpoints.Count == 0);
    }

    private static Endpoint? Web(EndpointSlice slice) => slice.Service?.Name == "web" ? slice.Endpoints.SingleOrDefault() : null;
}
