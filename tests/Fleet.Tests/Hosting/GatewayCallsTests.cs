using System.Net;
using Fleet.Hosting.Calls;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class GatewayCallsTests
{
    [Fact]
    public async Task Calls_go_to_the_gateway_for_the_host_of_the_service_and_probes_to_the_service()
    {
        var sent = new System.Collections.Concurrent.ConcurrentQueue<(Uri Target, string? Host, string? User)>();
        await using var order = await RunningInstance.StartAsync("order", TestContext.Current.CancellationToken, i => i with
        {
            Environment = new Dictionary<string, string> { ["GATEWAY_URL"] = "http://127.0.0.1:5082" },
            OutboundHandler = () => new StubHandler(request =>
            {
                sent.Enqueue((request.RequestUri!, request.Headers.Host, request.Headers.TryGetValues("user-id", out var users) ? users.Single() : null));
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{}") });
            }),
        });

        await order.PostAsync("/orders", """{"userId":"u-1","lines":[{"sku":"TEA","quantity":1}],"payment":{"method":"CashOnDelivery"}}""");

        Assert.Contains((new Uri("http://127.0.0.1:5082/users/u-1"), "user.shop.svc:8080", "u-1"), sent); // manifests/fleet/user-traffic.yaml balances by the user
        Assert.All(sent.Where(s => s.Target.AbsolutePath == "/health"), probe => Assert.EndsWith(".shop.svc", probe.Target.Host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_listens_at_the_gateways_address_calls_go_to_the_service_and_the_gateway_is_tried_again_later()
    {
        var time = new ObservedTime();
        var sent = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var order = await RunningInstance.StartAsync("order", TestContext.Current.CancellationToken, i => i with
        {
            Time = time,
            Environment = new Dictionary<string, string> { ["GATEWAY_URL"] = "http://127.0.0.1:5082" },
            OutboundHandler = () => new StubHandler(request =>
            {
                if (request.RequestUri!.AbsolutePath != "/health")
                {
                    sent.Enqueue(request.RequestUri.Host);
                }

                return request.RequestUri.Port == 5082
                    ? throw new HttpRequestException(HttpRequestError.ConnectionError)
                    : Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{}") });
            }),
        });
        Task<Answer> Place() => order.PostAsync("/orders", """{"userId":"u-1","lines":[{"sku":"TEA","quantity":1}],"payment":{"method":"CashOnDelivery"}}""");

        Assert.Equal("userId", Assert.Single((await Place()).FieldsAtFault)); // the user service answered: there is no such customer
        await Place();
        Assert.Equal(["127.0.0.1", "user.shop.svc", "user.shop.svc"], sent);

        time.Advance(GatewayHandler.AwayFor);
        await Place();
        Assert.Equal(["127.0.0.1", "user.shop.svc"], sent.Skip(3));
    }
}
