using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Orders;

public sealed class OrderFailureTests : IAsyncLifetime
{
    private const string Basket = """
        {"userId":"u-1001","lines":[{"sku":"HOME-LED-9W","quantity":5}],"payment":{"method":"Upi","vpa":"asha@okbank"}}
        """;

    private RunningFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Theory]
    [InlineData("u-1001", "u-404", HttpStatusCode.UnprocessableEntity, "userId")]
    [InlineData("HOME-LED-9W", "NOPE", HttpStatusCode.UnprocessableEntity, "lines[0].sku")]
    [InlineData("\"quantity\":5", "\"quantity\":101", HttpStatusCode.BadRequest, "lines[0].quantity")]
    [InlineData("asha@okbank", "asha", HttpStatusCode.BadRequest, "payment.vpa")]
    [InlineData(",\"vpa\":\"asha@okbank\"", "", HttpStatusCode.BadRequest, "payment.vpa")]
    [InlineData("Upi", "Card", HttpStatusCode.BadRequest, "payment.cardToken")]
    [InlineData("asha@okbank", "failure@okbank", HttpStatusCode.PaymentRequired, "payment")]
    [InlineData("{\"sku\":\"HOME-LED-9W\",\"quantity\":5}", "", HttpStatusCode.BadRequest, "lines")]
    public async Task An_order_that_can_not_be_placed_names_the_field_and_leaves_no_trace(
        string sound, string wrong, HttpStatusCode status, string field)
    {
        var answer = await _fleet["order"].PostAsync("/orders", Basket.Replace(sound, wrong, StringComparison.Ordinal));

        Assert.Equal(status, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
        Assert.Equal("40000", (await _fleet["inventory"].GetAsync("/stock/HOME-LED-9W"))["available"]);
    }

    [Fact]
    public async Task Goods_that_are_not_there_in_such_number_refuse_the_order()
    {
        await _fleet["inventory"].SendAsync(HttpMethod.Put, "/stock/HOME-LED-9W", """{"available":4}""", key: null, ("If-Match", "\"1\""));

        var answer = await _fleet["order"].PostAsync("/orders", Basket);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("lines[0].quantity", Assert.Single(answer.FieldsAtFault));
        Assert.DoesNotContain(_fleet["payment"].LogLines, l => l.Contains("payment-made", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("product")]
    [InlineData("inventory")]
    [InlineData("payment")]
    public async Task Without_a_required_service_an_order_is_refused_by_its_name_and_goods_go_back(string service)
    {
        _fleet.Unplug(service);

        var answer = await _fleet["order"].PostAsync("/orders", Basket);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains(service, answer["detail"], StringComparison.Ordinal);
        Assert.Equal("40000", (await _fleet["inventory"].GetAsync("/stock/HOME-LED-9W"))["available"]);
        Assert.Contains("orders_failed_total{reason=\"dependency_unavailable\"} 1\n", await _fleet["order"].MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delivery")]
    [InlineData("notification")]
    public async Task Without_an_optional_service_an_order_is_placed_all_the_same(string service)
    {
        _fleet.Unplug(service);

        var answer = await _fleet["order"].PostAsync("/orders", Basket);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(service == "delivery", answer.Body!["etaAt"] is null);
        Assert.Equal(service, Assert.Single(_fleet["order"].Logged("step-skipped")).GetProperty("step").GetString());
    }

    [Fact]
    public async Task A_cancelled_order_gives_money_and_goods_back_and_can_be_cancelled_again()
    {
        var placed = await _fleet["order"].PostAsync("/orders", Basket);

        var cancelled = await _fleet["order"].SendAsync(HttpMethod.Post, $"/orders/{placed["id"]}/cancellation");
        var again = await _fleet["order"].SendAsync(HttpMethod.Post, $"/orders/{placed["id"]}/cancellation");

        Assert.Equal("Cancelled", cancelled["status"]);
        Assert.Equal("Cancelled", again["status"]);
        Assert.Equal("40000", (await _fleet["inventory"].GetAsync("/stock/HOME-LED-9W"))["available"]);
        Assert.Equal("Refunded", (await _fleet["payment"].GetAsync($"/payments/{placed["paymentId"]}"))["status"]);
        Assert.Equal("Cancelled", (await _fleet["delivery"].GetAsync($"/deliveries/{placed["id"]}"))["status"]);
        Assert.Single(_fleet["order"].Logged("order-cancelled"));
    }

    [Fact]
    public async Task A_cancellation_that_failed_half_way_can_be_repeated()
    {
        var placed = await _fleet["order"].PostAsync("/orders", Basket);
        _fleet.Unplug("inventory");

        var failed = await _fleet["order"].SendAsync(HttpMethod.Post, $"/orders/{placed["id"]}/cancellation");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.Status);
        Assert.Equal("Confirmed", (await _fleet["order"].GetAsync($"/orders/{placed["id"]}"))["status"]);

        _fleet.Plug("inventory");
        Assert.Equal("Cancelled", (await _fleet["order"].SendAsync(HttpMethod.Post, $"/orders/{placed["id"]}/cancellation"))["status"]);
    }

    [Fact]
    public async Task Orders_are_counted_by_outcome_and_city()
    {
        await _fleet["order"].PostAsync("/orders", Basket);
        await _fleet["order"].PostAsync("/orders", Basket.Replace("asha", "failure", StringComparison.Ordinal));
        await _fleet["order"].PostAsync("/orders", Basket.Replace("u-1001", "u-404", StringComparison.Ordinal));
        var elsewhere = await _fleet["user"].PostAsync("/users", Registration.With("""{"address":{"city":"Dapoli"}}"""));
        await _fleet["order"].PostAsync("/orders", Basket.Replace("u-1001", elsewhere["id"], StringComparison.Ordinal));

        var metrics = (await _fleet["order"].MetricsAsync()).Split('\n');

        Assert.Contains("http_requests_total{method=\"POST\",route=\"/orders\",status=\"201\"} 2", metrics);
        Assert.Contains("orders_total{status=\"confirmed\",city=\"Mumbai\"} 1", metrics);
        Assert.Contains("orders_total{status=\"failed\",city=\"Mumbai\"} 1", metrics);
        Assert.Contains("orders_total{status=\"rejected\",city=\"unknown\"} 1", metrics);
        Assert.Contains("orders_total{status=\"confirmed\",city=\"other\"} 1", metrics);
        Assert.Contains("orders_failed_total{reason=\"payment_declined\"} 1", metrics);
        Assert.Contains("order_amount_inr_total{city=\"Mumbai\"} 495", metrics);
    }
}
