using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Policies;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>What a gateway that is a process of its own tells the control plane.</summary>
public sealed class ReportTests(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    [Fact]
    public async Task The_report_is_served_over_HTTP_and_names_no_caller()
    {
        await gateway.AddServiceAsync("told");
        gateway.Policies["told"] = new ServicePolicy
        {
            Limits = [new() { Name = "users", Policy = "shop/limits", Requests = 2, Window = TimeSpan.FromHours(1), By = RateLimitKey.Header, ByName = "X-User" }],
            Circuit = new() { Policy = "shop/breaker" },
        };
        await gateway.RouteAsync("told", "told.test", "[{backendRefs: [{name: told, port: 80}]}]");
        for (var i = 0; i < 3; i++)
        {
            using var answer = await gateway.SendAsync("told.test", "/", change: request => request.Headers.Add("X-User", "asha@example.com"));
        }

        var text = await ReadAsync(GatewayReport.Path);

        var report = JsonSerializer.Deserialize<GatewayReport>(text, KubeJson.Options)!;
        var limit = Assert.Single(report.Limits, limit => limit.Service == "told");
        Assert.Equal((2, 3600, LimitKeyType.Header, 2L, 1L, 1, 1), (limit.Requests, limit.WindowSeconds, limit.By, limit.Allowed, limit.Refused, limit.Callers, limit.Limited));
        Assert.Equal((2, 2, 1L), Assert.Single(limit.Busiest) is var busiest ? (busiest.Used, busiest.Allowed, busiest.Refused) : default);
        Assert.Equal((CircuitState.Closed, "shop/breaker"), Assert.Single(report.Circuits, circuit => circuit.Service == "told") is var circuit ? (circuit.State, circuit.Policy) : default);
        Assert.DoesNotContain("asha", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_else_is_served_there()
    {
        using var client = new HttpClient { BaseAddress = await Patience.For(gateway.Host.ReportAddress, "the report is not served") };
        using var other = await client.GetAsync("/", TestContext.Current.CancellationToken);
        using var post = await client.PostAsync(GatewayReport.Path, content: null, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (other.StatusCode, post.StatusCode));
    }

    private async Task<string> ReadAsync(string path)
    {
        using var client = new HttpClient { BaseAddress = await Patience.For(gateway.Host.ReportAddress, "the report is not served") };
        return await client.GetStringAsync(path, TestContext.Current.CancellationToken);
    }
}
