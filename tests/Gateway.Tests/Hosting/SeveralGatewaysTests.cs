using System.Diagnostics.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Hosting;
using Gateway.Metrics;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Hosting;

/// <summary>Several gateways that serve the same Gateways.</summary>
public sealed class SeveralGatewaysTests(RunningGateway cluster) : IClassFixture<RunningGateway>
{
    private static readonly ObjectKey Lease = new(RunningGateway.Namespace, "gateway-status");

    [Fact]
    public async Task One_of_them_writes_the_status_and_another_takes_over_when_it_ends()
    {
        await cluster.ApplyAsync("{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: shared}, spec: {controllerName: test/shared}}");
        await cluster.ApplyAsync("{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: shared}, spec: {gatewayClassName: shared, listeners: [{name: http, port: 8090, protocol: HTTP}]}}");
        using var first = await StartAsync("first");
        await UntilAsync(() => first.WritesStatus);
        using var second = await StartAsync("second");
        await RouteAsync("one");
        await SaidAsync("one");
        Assert.False(second.WritesStatus);

        await first.StopAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => second.WritesStatus);
        await RouteAsync("two");
        await SaidAsync("two");

        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task<GatewayHost> StartAsync(string name)
    {
        var options = new GatewayOptions { Name = name, ControllerName = "test/shared", StatusLease = Lease, Policies = cluster.Policies, AddressPool = $"127.9{(name == "first" ? 2 : 3)}.{(uint)Environment.ProcessId % 250}" };
        var gateway = new GatewayHost(options, cluster.Api, TestMetrics.Create(), new GatewayMetrics(new Meter(GatewayMetrics.MeterName)), TimeProvider.System, NullLoggerFactory.Instance);
        await gateway.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    private Task RouteAsync(string name) => cluster.Api.ApplyAsync(
        Gateway.Resources.GatewayApi.HttpRoutes,
        new ObjectKey(RunningGateway.Namespace, name),
        System.Text.Encoding.UTF8.GetBytes($$"""{"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "{{name}}", "namespace": "shop"}, "spec": {"parentRefs": [{"name": "shared"}] } }"""),
        new ControlPlane.Kubernetes.Client.WriteOptions { FieldManager = "test", Force = true },
        TestContext.Current.CancellationToken);

    private Task SaidAsync(string name) => RunningGateway.UntilAsync(
        cluster.Caches.RouteInformer,
        new ObjectKey(RunningGateway.Namespace, name),
        route => route.Status?.Parents.Any(parent => parent.ControllerName == "test/shared") == true,
        $"nobody said anything of {name}");

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
