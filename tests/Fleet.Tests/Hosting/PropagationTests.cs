using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class PropagationTests : IAsyncLifetime
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private RunningFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task Trace_and_request_id_go_with_an_order_through_every_service_and_the_queue()
    {
        const string Order = """
            {"userId":"u-1003","lines":[{"sku":"HOME-LED-9W","quantity":1}],"payment":{"method":"CashOnDelivery"}}
            """;
        var placed = await _fleet["order"].SendAsync(
            HttpMethod.Post, "/orders", Order, key: null, ("X-Request-Id", "req-7"), ("traceparent", $"00-{TraceId}-b7ad6b7169203331-01"));
        await _fleet["notification"].App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, placed.Status);
        Assert.Equal("req-7", placed.Headers.GetValues("X-Request-Id").Single());
        var lines = new[] { "user", "product", "inventory", "payment", "delivery", "notification" }.Select(s => _fleet[s].Logged("request")[0])
            .Append(_fleet["order"].Logged("order-placed")[0])
            .Append(Assert.Single(_fleet["notification"].Logged("notification-done")))
            .Append(_fleet["user"].Logged("request").Single(l => l.GetProperty("route").GetString() == "/users/{id}/contact"));
        Assert.All(lines, line =>
        {
            Assert.Equal("req-7", line.GetProperty("requestId").GetString());
            Assert.Equal(TraceId, line.GetProperty("traceId").GetString());
        });
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("<script>")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task A_request_id_that_could_do_harm_is_replaced(string given)
    {
        var answer = await _fleet["product"].SendAsync(HttpMethod.Get, "/products", headers: ("X-Request-Id", given));

        var id = answer.Headers.GetValues("X-Request-Id").Single();
        Assert.NotEqual(given, id);
        Assert.Equal(32, id.Length);
    }
}
