using System.Net;
using Fleet.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Tests.Payments;

public sealed class PaymentApiTests : IAsyncLifetime
{
    // In India; at night large amounts are looked at more closely.
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.FromMinutes(330));

    private RunningInstance _payment = null!;

    public async ValueTask InitializeAsync() => _payment = await RunningInstance.StartAsync(
        "payment", TestContext.Current.CancellationToken, i => i with { Time = new FakeTimeProvider(Noon) });

    public ValueTask DisposeAsync() => _payment.DisposeAsync();

    [Theory]
    [InlineData("""{"method":"Upi","vpa":"asha@okbank","amountInr":100000}""", "Succeeded", null)]
    [InlineData("""{"method":"Upi","vpa":"asha@okbank","amountInr":100000.01}""", "Declined", "over_limit")]
    [InlineData("""{"method":"Upi","vpa":"failure@okbank","amountInr":1}""", "Declined", "declined_by_bank")]
    [InlineData("""{"method":"Card","cardToken":"tok_4f9a2c","amountInr":500000}""", "Succeeded", null)]
    [InlineData("""{"method":"Card","cardToken":"tok_4f9a2c","amountInr":500000.01}""", "Declined", "over_limit")]
    [InlineData("""{"method":"Card","cardToken":"tok_declined","amountInr":1}""", "Declined", "declined_by_bank")]
    [InlineData("""{"method":"CashOnDelivery","amountInr":50000}""", "DueOnDelivery", null)]
    [InlineData("""{"method":"CashOnDelivery","amountInr":50000.01}""", "Declined", "over_limit")]
    public async Task A_payment_goes_through_or_is_declined_by_plain_rules(string payment, string status, string? reason)
    {
        var made = await PayAsync(payment);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(status, made["status"]);
        Assert.Equal(reason, made.Body!["declineReason"]?.GetValue<string>());
        Assert.Equal(status, (await _payment.GetAsync($"/payments/{made["id"]}"))["status"]);
    }

    [Theory]
    [InlineData("""{"method":"Upi","amountInr":1}""", "vpa")]
    [InlineData("""{"method":"Upi","vpa":"asha","amountInr":1}""", "vpa")]
    [InlineData("""{"method":"Card","amountInr":1}""", "cardToken")]
    [InlineData("""{"method":"Card","cardToken":"4111111111111111","amountInr":1}""", "cardToken")]
    [InlineData("""{"method":"Barter","amountInr":1}""", "method")]
    [InlineData("""{"method":7,"amountInr":1}""", "method")]
    [InlineData("""{"amountInr":1}""", "method")]
    [InlineData("""{"method":"CashOnDelivery","amountInr":0}""", "amountInr")]
    [InlineData("""{"method":"CashOnDelivery","amountInr":-1}""", "amountInr")]
    [InlineData("""{"method":"CashOnDelivery","amountInr":1.005}""", "amountInr")]
    [InlineData("""{"method":"CashOnDelivery","amountInr":"1"}""", "amountInr")]
    public async Task A_payment_that_makes_no_sense_is_refused(string payment, string field)
    {
        var answer = await PayAsync(payment);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    [Fact]
    public async Task An_order_is_paid_once_but_can_be_tried_again_after_a_decline()
    {
        Assert.Equal("Declined", (await PayAsync("""{"method":"Upi","vpa":"failure@okbank","amountInr":10}"""))["status"]);
        Assert.Equal("Succeeded", (await PayAsync("""{"method":"Upi","vpa":"asha@okbank","amountInr":10}"""))["status"]);

        var third = await PayAsync("""{"method":"CashOnDelivery","amountInr":10}""");

        Assert.Equal(HttpStatusCode.Conflict, third.Status);
        Assert.Equal("orderId", Assert.Single(third.FieldsAtFault));
    }

    [Fact]
    public async Task The_same_payment_again_is_the_payment_that_was_made()
    {
        var first = await PayAsync("""{"method":"CashOnDelivery","amountInr":10}""");
        var second = await PayAsync("""{"method":"CashOnDelivery","amountInr":10}""");

        Assert.Equal(first["id"], second["id"]);
        Assert.Contains("payments_successful_total{gateway=\"cod\"} 1\n", await _payment.MetricsAsync(), StringComparison.Ordinal);
    }

    /// <summary>A payment that timed out may be on its way still when its order is undone.</summary>
    [Fact]
    public async Task A_payment_that_comes_after_its_refund_is_refused()
    {
        await _payment.PostAsync("/refunds", """{"orderId":"o-1"}""");

        Assert.Equal(HttpStatusCode.Conflict, (await PayAsync("""{"method":"CashOnDelivery","amountInr":10}""")).Status);
    }

    [Theory]
    [InlineData("Approve", "Succeeded", null)]
    [InlineData("Block", "Declined", "review_blocked")]
    public async Task A_person_decides_a_payment_in_review_once(string decision, string status, string? reason)
    {
        var made = await PayAsync("""{"method":"Upi","vpa":"review@okbank","amountInr":10}""");
        Assert.Equal("InReview", made["status"]);

        var decided = await _payment.PostAsync($"/payments/{made["id"]}/review", $$"""{"decision":"{{decision}}"}""");
        var again = await _payment.PostAsync($"/payments/{made["id"]}/review", """{"decision":"Approve"}""");

        Assert.Equal(status, decided["status"]);
        Assert.Equal(reason, decided.Body!["declineReason"]?.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
    }

    [Fact]
    public async Task A_payment_that_looks_like_fraud_is_blocked_and_says_why()
    {
        var made = await PayAsync("""{"method":"Card","cardToken":"tok_stolen","amountInr":10}""");

        Assert.Equal("Declined", made["status"]);
        Assert.Equal("fraud_blocked", made["declineReason"]);
        Assert.Equal(["sandbox"], made.Body!["fraudReasons"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.Contains("payment_fraud_verdicts_total{verdict=\"block\"} 1\n", await _payment.MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"method":"Upi","vpa":"asha@okbank","amountInr":99.50}""", 99.50)]
    [InlineData("""{"method":"CashOnDelivery","amountInr":99.50}""", 0)]
    [InlineData("""{"method":"Upi","vpa":"failure@okbank","amountInr":99.50}""", 0)]
    public async Task A_refund_gives_back_what_was_taken_and_only_once(string payment, double refunded)
    {
        await PayAsync(payment);

        var first = await _payment.PostAsync("/refunds", """{"orderId":"o-1"}""");
        var second = await _payment.PostAsync("/refunds", """{"orderId":"o-1"}""");

        Assert.Equal((decimal)refunded, first.Body!["refundedInr"]!.GetValue<decimal>());
        Assert.Equal(0, second.Body!["refundedInr"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Payments_are_counted_by_gateway_and_failures_by_reason()
    {
        await PayAsync("""{"method":"Upi","vpa":"asha@okbank","amountInr":10}""", order: "o-1");
        await PayAsync("""{"method":"Upi","vpa":"failure@okbank","amountInr":10}""", order: "o-2");
        await PayAsync("""{"method":"CashOnDelivery","amountInr":50001}""", order: "o-3");
        await _payment.PostAsync("/refunds", """{"orderId":"o-1"}""");

        var metrics = (await _payment.MetricsAsync()).Split('\n');

        Assert.Contains("payments_successful_total{gateway=\"upi\"} 1", metrics);
        Assert.Contains("payments_successful_total{gateway=\"card\"} 0", metrics);
        Assert.Contains("payment_failures_total{gateway=\"upi\",reason=\"declined_by_bank\"} 1", metrics);
        Assert.Contains("payment_failures_total{gateway=\"cod\",reason=\"over_limit\"} 1", metrics);
        Assert.Contains("payment_refunds_total{gateway=\"upi\"} 1", metrics);
    }

    private Task<Answer> PayAsync(string payment, string order = "o-1") =>
        _payment.PostAsync("/payments", payment.Replace("{", $$"""{"orderId":"{{order}}",""", StringComparison.Ordinal));
}
