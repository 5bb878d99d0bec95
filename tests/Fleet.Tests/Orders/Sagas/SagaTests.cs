using System.Collections.Concurrent;
using System.Net;
using Fleet.Orders;
using Fleet.Orders.Sagas;
using Fleet.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Tests.Orders.Sagas;

/// <summary>The saga of an order against services that fail as they are told.</summary>
public sealed class SagaTests
{
    private const string Basket = """{"userId":"u-1","lines":[{"sku":"TEA","quantity":1}],"payment":{"method":"Upi","vpa":"asha@okbank"}}""";

    private readonly FleetStores _stores = new();
    private readonly ObservedTime _time = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentDictionary<string, string> _failing = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_takes_eleven_steps_and_its_trail_tells_them()
    {
        await using var order = await StartAsync("order-a");

        var placed = await order.PostAsync("/orders", Basket);

        var saga = await order.GetAsync($"/orders/{placed["id"]}/saga");
        Assert.Equal("Done", saga["state"]);
        Assert.Equal(
            [
                "open-order", "check-customer", "price-basket", "reservation", "payment", "sale", "confirm-order", "delivery", "announce-order",
                "announce-payment", "notification",
            ],
            Trail(saga, "done"));
    }

    /// <summary>Whatever the step that fails, what was begun is undone in the opposite order, and nothing else.</summary>
    [Theory]
    [InlineData("GET /users", "open-order")]
    [InlineData("GET /products", "open-order")]
    [InlineData("POST /reservations", "reservation", "open-order")]
    [InlineData("POST /payments", "payment", "reservation", "open-order")]
    [InlineData("POST /sale", "sale", "payment", "reservation", "open-order")]
    public async Task A_step_that_fails_undoes_what_was_begun_in_reverse(string failing, params string[] undone)
    {
        _failing[failing] = "";
        await using var order = await StartAsync("order-a");

        var answer = await order.PostAsync("/orders", Basket);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        var saga = Assert.Single(Log(order).All());
        Assert.Equal(SagaState.Undone, saga.State);
        Assert.Equal(undone, saga.Trail.Where(e => e.Outcome == "undone").Select(e => e.Step));
        Assert.Equal("Failed", (await order.GetAsync($"/orders/{saga.OrderId}"))["status"]);
    }

    [Fact]
    public async Task An_undoing_that_fails_is_logged_and_the_rest_still_runs_and_it_is_tried_again()
    {
        _failing["POST /sale"] = "";
        _failing["POST /refunds"] = "";
        await using var order = await StartAsync("order-a");
        await order.PostAsync("/orders", Basket);
        var stuck = Assert.Single(Log(order).All());
        Assert.Equal(["payment"], stuck.ToUndo);
        Assert.Equal(["sale", "reservation", "open-order"], stuck.Trail.Where(e => e.Outcome == "undone").Select(e => e.Step));
        Assert.Equal("payment", Assert.Single(order.Logged("step-not-undone")).GetProperty("step").GetString());

        _failing.Clear();
        await NextRoundAsync(SagaRunner.NextRound);

        Assert.True(Log(order).TryGet(stuck.OrderId, out var saga));
        Assert.Equal(SagaState.Undone, saga.State);
    }

    [Fact]
    public async Task What_can_never_be_undone_is_given_up_for_a_person_to_look_at()
    {
        _failing["POST /sale"] = "";
        _failing["POST /refunds"] = "";
        await using var order = await StartAsync("order-a");
        await order.PostAsync("/orders", Basket);
        for (var round = 1; round < SagaRunner.MostRounds; round++)
        {
            await NextRoundAsync(SagaRunner.NextRound);
        }

        Assert.Equal(SagaState.GivenUp, Assert.Single(Log(order).All()).State);
    }

    /// <summary>As when the pod was killed between the payment and the sale.</summary>
    [Fact]
    public async Task A_saga_that_was_left_before_the_order_stood_is_undone_by_another_instance()
    {
        await using var other = await StartAsync("order-b");
        var left = Leave(other, step: "sale");

        await NextRoundAsync(SagaRecovery.Pace);
        Assert.True(Log(other).TryGet(left.OrderId, out var untouched));
        Assert.Equal(SagaState.Running, untouched.State); // its owner may be alive still

        await NextRoundAsync(SagaLog.Lease);

        Assert.True(Log(other).TryGet(left.OrderId, out var saga));
        Assert.Equal(SagaState.Undone, saga.State);
        Assert.Contains("POST /refunds", _calls);
        Assert.Equal("Failed", (await other.GetAsync($"/orders/{left.OrderId}"))["status"]);
    }

    [Fact]
    public async Task A_saga_that_was_left_after_the_order_stood_is_done_by_another_instance()
    {
        await using var other = await StartAsync("order-b");
        var left = Leave(other, step: "delivery");
        await NextRoundAsync(SagaLog.Lease);

        Assert.True(Log(other).TryGet(left.OrderId, out var saga));
        Assert.Equal(SagaState.Done, saga.State);
        Assert.Equal(["POST /deliveries", "POST /notifications"], _calls.Where(c => c.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_instance_that_lost_its_saga_may_not_save_it()
    {
        var log = new SagaLog(_time);
        var saga = log.Save(New("o-1", "order-a"));
        _time.Advance(SagaLog.Lease);
        Assert.Single(log.TakeAbandoned("order-b"));

        Assert.Throws<SagaLostException>(() => log.Save(saga));
    }

    [Theory]
    [InlineData("Succeeded", "Confirmed", SagaState.Done)]
    [InlineData("Declined", "Failed", SagaState.Undone)]
    internal async Task An_order_in_review_goes_on_when_a_person_has_decided(string decision, string status, SagaState state)
    {
        _failing["payment status"] = "InReview";
        await using var order = await StartAsync("order-a");
        var held = await order.PostAsync("/orders", Basket);
        Assert.Equal(HttpStatusCode.Accepted, held.Status);
        Assert.Equal("InReview", held["status"]);

        // The event of it was lost: the saga asks.
        _failing["payment status"] = decision;
        await NextRoundAsync(SagaRunner.AskAfter);

        Assert.Equal(status, (await order.GetAsync($"/orders/{held["id"]}"))["status"]);
        Assert.Equal(state, Assert.Single(Log(order).All()).State);
    }

    private static OrderSaga New(string id, string owner) => new()
    {
        OrderId = id,
        Owner = owner,
        StartedAt = DateTimeOffset.UnixEpoch,
        Input = new PlaceOrder
        {
            UserId = "u-1", Lines = [new BasketLine { Sku = "TEA", Quantity = 1 }], Payment = new PaymentInput { Method = PaymentMethod.Upi, Vpa = "asha@okbank" },
        },
    };

    private static SagaLog Log(RunningInstance instance) => instance.App.Services.GetRequiredService<SagaLog>();

    private static IEnumerable<string> Trail(Answer saga, string outcome) =>
        saga.Body!["trail"]!.AsArray().Where(e => e!["outcome"]!.GetValue<string>() == outcome).Select(e => e!["step"]!.GetValue<string>());

    /// <summary>A saga of an instance that ended at a step.</summary>
    private static OrderSaga Leave(RunningInstance instance, string step)
    {
        var steps = instance.App.Services.GetRequiredService<OrderSteps>();
        return Log(instance).Save(New("o-left", "order-gone") with
        {
            Next = steps.All.FindIndex(s => s.Name == step),
            Customer = new("u-1", "Mumbai", new() { Latitude = 19, Longitude = 72.8 }),
            Lines = [new OrderLine("TEA", "Tea", 1, 10)],
            Payment = new("p-1", "Succeeded", null),
        });
    }

    /// <summary>Lets time pass, and the recovery take its next round.</summary>
    private async Task NextRoundAsync(TimeSpan passes)
    {
        _time.Advance(passes);
        await _time.WaitForTimerAsync(SagaRecovery.Pace, Cancellation);
    }

    /// <summary>An order service that has taken its first round.</summary>
    private async Task<RunningInstance> StartAsync(string name)
    {
        var instance = await RunningInstance.StartAsync("order", Cancellation, i => i with
        {
            Name = name, Stores = _stores, Time = _time, OutboundHandler = () => new StubHandler(Answer),
        });
        await _time.WaitForTimerAsync(SagaRecovery.Pace, Cancellation);
        return instance;
    }

    private Task<HttpResponseMessage> Answer(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        var call = $"{request.Method} {(path.EndsWith("/sale", StringComparison.Ordinal) ? "/sale" : "/" + path.Split('/')[1])}";
        _calls.Enqueue(call);
        if (_failing.ContainsKey(call))
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        }

        var status = _failing.GetValueOrDefault("payment status", "Succeeded");
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(call switch
            {
                "GET /users" => """{"id":"u-1","city":"Mumbai","location":{"latitude":19,"longitude":72.8}}""",
                "GET /products" => """{"sku":"TEA","name":"Tea","priceInr":10}""",
                "POST /reservations" => """{"orderId":"o"}""",
                "POST /payments" or "GET /payments" => $$"""{"id":"p-1","status":"{{status}}","declineReason":"review_blocked"}""",
                "POST /deliveries" => """{"etaAt":"2030-01-01T00:00:00Z"}""",
                "POST /notifications" => """{"id":"n-1"}""",
                _ => """{"refundedInr":0}""",
            }),
        });
    }
}
