using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.Payments;

/// <summary>Business counters of the payment service. The gateway is the way that the money takes: upi, card or cod.</summary>
internal sealed class PaymentMetrics
{
    private readonly Counter<long> _successful;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _refunds;
    private readonly Counter<long> _scored;

    public PaymentMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Fleet.Payments");
        _successful = meter.CreateCounter<long>("payments_successful_total", description: "Payments that went through.");
        _failures = meter.CreateCounter<long>("payment_failures_total", description: "Payments that were declined, and why.");
        _refunds = meter.CreateCounter<long>("payment_refunds_total", description: "Payments given back.");
        _scored = meter.CreateCounter<long>("payment_fraud_verdicts_total", description: "What fraud scoring said of payments: approve, review, block.");
        foreach (var method in Enum.GetValues<PaymentMethod>())
        {
            // A series that starts with its first failure has no rate at that failure, when the alert should see one.
            _successful.Add(0, Gateway(method));
            _failures.Add(0, Failure(method, PaymentRules.DeclinedByBank));
        }
    }

    public void Made(Payment payment)
    {
        if (payment.DeclineReason is { } reason)
        {
            _failures.Add(1, Failure(payment.Method, reason));
        }
        else if (payment.Status != PaymentStatus.InReview)
        {
            _successful.Add(1, Gateway(payment.Method));
        }
    }

    public void Scored(FraudVerdict verdict) =>
        _scored.Add(1, new KeyValuePair<string, object?>("verdict", verdict.ToString().ToLowerInvariant()));

    public void Refunded(PaymentMethod method) => _refunds.Add(1, Gateway(method));

    private static KeyValuePair<string, object?> Gateway(PaymentMethod method) => new("gateway", method switch
    {
        PaymentMethod.Upi => "upi",
        PaymentMethod.Card => "card",
        _ => "cod",
    });

    private static TagList Failure(PaymentMethod method, string reason) => new([Gateway(method), new("reason", reason)]);
}
