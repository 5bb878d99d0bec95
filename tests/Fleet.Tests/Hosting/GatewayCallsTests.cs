using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class GatewayCallsTests
{
    [Fact]
    public async Task Calls_go_to_the_gateway_for_the_host_of_the_service_and_probes_to_the_service()
    {
        var sent = new System.Collections.Concurrent.ConcurrentQueue<(Uri Target, string? Host)>();
        await using var order = await RunningInstance.StartAsync("order", TestContext.Current.CancellationToken, i => i with
        {
            Environment = new Dictionary<string, string> { ["GATEWAY_URL"] = "http://127.0.0.1:5082" },
            OutboundHandler = () => new StubHandler(request =>
            {
                sent.Enqueue((request.RequestUri!, request.Headers.Host));
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{}") });
            }),
        });

        await order.PostAsync("/orders", """{"userId":"u-1","lines":[{"sku":"TEA","quantity":1}],"payment":{"method":"CashOnDelivery"}}""");

        Assert.Contains((new Uri("http://127.0.0.1:5082/users/u-1"), "user.shop.svc:8080"), sent);
        Assert.All(sent.Where(s => s.Target.AbsolutePath == "/health"), probe => Assert.EndsWith(".shop.svc", probe.Target.Host, StringComparison.Ordinal));
    }
}
