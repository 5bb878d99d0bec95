using System.Net;
using Fleet.Hosting.Events;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Orders;

/// <summary>What the services tell each other by events, in a fleet that shares its stores.</summary>
public sealed class OrderEventsTests : IAsyncLifetime
{
    private const string Basket = """
        {"userId":"u-1001","lines":[{"sku":"HOME-LED-9W","quantity":5}],"payment":{"method":"Upi","vpa":"asha@okbank"}}
        """;

    private readonly List<FleetEvent> _seen = [];
    private RunningFleet _fleet = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(Cancellation);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task An_order_is_announced_with_its_payment_and_cash_is_not_announced_before_the_door()
    {
        var paid = await _fleet["order"].PostAsync("/orders", Basket);
        var cash = await _fleet["order"].PostAsync("/orders", Basket.Replace("\"Upi\",\"vpa\":\"asha@okbank\"", "\"CashOnDelivery\"", StringComparison.Ordinal));

        await NextAsync("order-events", happened => happened.Type == "ORDER_PLACED" && happened.Key == cash["id"]);
        Assert.Equal(
            [$"ORDER_PLACED {paid["id"]}", $"ORDER_PAID {paid["id"]}", $"ORDER_PLACED {cash["id"]}"],
            _seen.Select(happened => $"{happened.Type} {happened.Key}"));
        Assert.Contains("events_published_total{topic=\"order-events\",type=\"ORDER_PLACED\"} 2\n", await _fleet["order"].MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_in_review_is_placed_once_a_person_approves_its_payment()
    {
        var held = await _fleet["order"].PostAsync("/orders", Basket.Replace("asha@", "review@", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, held.Status);

        await _fleet["payment"].PostAsync($"/payments/{held["paymentId"]}/review", """{"decision":"Approve"}""");
        await NextAsync("order-events", happened => happened.Type == "ORDER_PLACED" && happened.Key == held["id"]);

        Assert.Equal("Confirmed", (await _fleet["order"].GetAsync($"/orders/{held["id"]}"))["status"]);
    }

    [Fact]
    public async Task An_order_whose_payment_is_blocked_gives_its_goods_back()
    {
        var held = await _fleet["order"].PostAsync("/orders", Basket.Replace("asha@", "review@", StringComparison.Ordinal));
        Assert.Equal("39995", (await _fleet["inventory"].GetAsync("/stock/HOME-LED-9W"))["available"]);

        await _fleet["payment"].PostAsync($"/payments/{held["paymentId"]}/review", """{"decision":"Block"}""");
        await NextAsync("inventory-events", happened => happened.Type == "STOCK_RELEASED" && happened.Key == held["id"]);

        Assert.Equal("40000", (await _fleet["inventory"].GetAsync("/stock/HOME-LED-9W"))["available"]);
    }

    /// <summary>Reads a topic as a group of its own, until an event comes.</summary>
    private async Task NextAsync(string topic, Func<FleetEvent, bool> isWanted)
    {
        await foreach (var happened in _fleet.Stores.Broker("shop", TimeProvider.System).Topic(topic).ReadAsync("test", _ => { }, Cancellation))
        {
            _seen.Add(happened);
            if (isWanted(happened))
            {
                return;
            }
        }
    }
}
