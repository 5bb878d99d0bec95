using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Orders;

public sealed class OrderTimeoutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Whether the payment went through is not known; both the money and the goods must be asked back.</summary>
    [Fact]
    public async Task A_payment_that_does_not_answer_in_time_is_undone_with_the_reservation()
    {
        var time = new ObservedTime();
        var undone = new List<string>();
        await using var order = await RunningInstance.StartAsync("order", Cancellation, i => i with
        {
            Time = time,
            OutboundHandler = () => new StubHandler(async request =>
            {
                switch (request.Method.Method, request.RequestUri!.AbsolutePath)
                {
                    case ("GET", "/users/u-1"):
                        return Json("""{"id":"u-1","city":"Mumbai","location":{"latitude":19,"longitude":72.8}}""");
                    case ("GET", "/products/TEA"):
                        return Json("""{"sku":"TEA","name":"Tea","priceInr":10}""");
                    case ("POST", "/reservations"):
                        return Json("""{"orderId":"o"}""");
                    case ("POST", "/payments"):
                        await new TaskCompletionSource().Task;
                        throw new InvalidOperationException();
                    case ("POST", "/refunds") or ("DELETE", _):
                        undone.Add($"{request.Method} {request.RequestUri.Segments[1]}");
                        return Json("""{"refundedInr":0}""");
                    default:
                        return Json("{}");
                }
            }),
        });

        var placing = order.PostAsync(
            "/orders", """{"userId":"u-1","lines":[{"sku":"TEA","quantity":1}],"payment":{"method":"CashOnDelivery"}}""");
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(30), Cancellation);
        time.Advance(TimeSpan.FromSeconds(30));

        var answer = await placing;
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.Equal("The payment service did not answer within 30 s.", answer["detail"]);
        Assert.Equal(["POST refunds", "DELETE reservations/"], undone);
    }

    private static HttpResponseMessage Json(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
}
