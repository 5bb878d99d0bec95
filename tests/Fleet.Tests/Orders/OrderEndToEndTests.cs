using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Orders;

public sealed class OrderEndToEndTests : IAsyncLifetime
{
    private const string Basket = """
        {
          "userId": "u-1001",
          "lines": [{ "sku": "GROC-TEA-500G", "quantity": 2 }, { "sku": "HOME-LED-9W", "quantity": 5 }],
          "payment": { "method": "Upi", "vpa": "asha@okbank" }
        }
        """;

    private RunningFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task A_basket_becomes_a_paid_order_with_a_rider()
    {
        var placed = await _fleet["order"].PostAsync("/orders", Basket);

        Assert.Equal(HttpStatusCode.Created, placed.Status);
        Assert.Equal("Confirmed", placed["status"]);
        // 2 × 289.00 + 5 × 99.00
        Assert.Equal(1_073.00m, placed.Body!["totalInr"]!.GetValue<decimal>());
        Assert.Equal("Mumbai", placed["city"]);

        var payment = await _fleet["payment"].GetAsync($"/payments/{placed["paymentId"]}");
        Assert.Equal("Succeeded", payment["status"]);
        var delivery = await _fleet["delivery"].GetAsync($"/deliveries/{placed["id"]}");
        Assert.Equal("dadar", delivery["hub"]);
        Assert.Equal(delivery["etaAt"], placed["etaAt"]);
        Assert.Equal("17998", (await _fleet["inventory"].GetAsync("/stock/GROC-TEA-500G"))["available"]);
        var again = await _fleet["order"].GetAsync(placed.Headers.Location!.ToString());
        Assert.Equal(placed.Body.ToJsonString(), again.Body!.ToJsonString());
    }
}
