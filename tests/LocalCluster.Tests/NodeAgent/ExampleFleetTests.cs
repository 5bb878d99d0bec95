using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>The example fleet from its images to an order that all of it had a part in.</summary>
public sealed class ExampleFleetTests : IAsyncLifetime
{
    private const string Basket = """
        {
          "userId": "u-1001",
          "lines": [{ "sku": "GROC-TEA-500G", "quantity": 2 }],
          "payment": { "method": "Upi", "vpa": "asha@okbank" }
        }
        """;

    private const string Request = "fleet-test-1";

    private RunningCluster _cluster = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.StartControllersAsync();
        await _cluster.StartAgentAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task An_order_reaches_every_service_that_it_needs()
    {
        await _cluster.ApplyAsync(ExampleFleet.Manifests);
        var deployments = await _cluster.Deployments.UntilAll(all =>
            all.Count == ExampleFleet.Services.Count && all.All(d => d.Status.ReadyReplicas == d.Spec.Replicas));
        Assert.Equal(8, deployments.Count);
        Assert.Equal(3, _cluster.Pods.Now.Select(pod => pod.Spec.NodeName).Distinct(StringComparer.Ordinal).Count());

        using var placed = await PlaceOrderAsync();
        var order = JsonNode.Parse(await placed.Content.ReadAsStringAsync(Ending))!;
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        Assert.Equal("Confirmed", (string?)order["status"]);
        Assert.NotNull(order["etaAt"]);
        foreach (var service in new[] { "user", "product", "inventory", "payment", "delivery", "notification" })
        {
            Assert.Contains(Request, await LogsAsync(service));
        }
    }

    private async Task<HttpResponseMessage> PlaceOrderAsync()
    {
        var pod = _cluster.Pods.Now.First(pod => IsOf(pod, "order") && pod.IsReady);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{pod.Status.PodIp}:8080/orders");
        request.Content = new StringContent(Basket, Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", "basket-1");
        request.Headers.Add("X-Request-Id", Request);
        return await http.SendAsync(request, Ending);
    }

    /// <summary>The logs of all pods of a service: any of them may have been asked.</summary>
    private async Task<string> LogsAsync(string service)
    {
        var logs = await Task.WhenAll(_cluster.Pods.Now.Where(pod => IsOf(pod, service)).Select(pod =>
            _cluster.Api.GetRawAsync($"/api/v1/namespaces/{RunningCluster.Namespace}/pods/{pod.Metadata.Name}/log", Ending)));
        return string.Concat(logs.Select(Encoding.UTF8.GetString));
    }

    private static bool IsOf(Pod pod, string service) => pod.Metadata.Labels.GetValueOrDefault("app") == service;
}
