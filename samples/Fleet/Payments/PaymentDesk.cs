using Fleet.Hosting.Events;
using Fleet.PersonalData;

namespace Fleet.Payments;

/// <summary>Makes payments, ends their reviews and gives them back; what it does is counted, logged and published.</summary>
internal sealed partial class PaymentDesk(
    Ledger ledger, EventPublisher events, PaymentMetrics metrics, TimeProvider time, ILogger<PaymentDesk> logger)
{
    private static readonly TimeZoneInfo India = TimeZoneInfo.CreateCustomTimeZone("Asia/Kolkata", TimeSpan.FromMinutes(330), "India", "India");

    /// <summary>Makes a payment, or gives the one that the same request made before.</summary>
    /// <returns>Null when another payment of the order stands, or the order was called off.</returns>
    public Payment? Pay(MakePayment input)
    {
        var now = time.GetUtcNow();
        var vpa = input.Vpa is null ? null : new Vpa(input.Vpa);
        var fraud = FraudRules.Assess(Signals(input, vpa, now));
        var method = input.Method!.Value;
        var declined = PaymentRules.DeclineReason(method, input.AmountInr, vpa, input.CardToken)
            ?? (fraud.Verdict == FraudVerdict.Block ? PaymentRules.FraudBlocked : null);
        var status = declined is not null ? PaymentStatus.Declined
            : fraud.Verdict == FraudVerdict.Review ? PaymentStatus.InReview
            : PaymentRules.Standing(method);
        var made = new Payment($"p-{Guid.CreateVersion7(now):N}", input.OrderId, input.AmountInr, method, status, declined, now)
        {
            FraudScore = fraud.Score,
            FraudReasons = fraud.Reasons,
        };
        var stands = ledger.Enter(made, input.UserId);
        if (ReferenceEquals(stands, made))
        {
            metrics.Scored(fraud.Verdict);
            LogMade(logger, made.Id, made.OrderId, made.Method, made.AmountInr, made.Status, made.DeclineReason, fraud.Score, vpa);
            Tell(made);
        }

        return stands;
    }

    /// <summary>Ends a review.</summary>
    /// <returns>The payment as it is now; null when it is not in review.</returns>
    public Payment? Decide(string id, string? declineReason)
    {
        if (ledger.Decide(id, declineReason) is not { } payment)
        {
            return null;
        }

        LogReviewed(logger, payment.Id, payment.OrderId, payment.Status, payment.DeclineReason);
        Tell(payment);
        return payment;
    }

    /// <summary>Gives an order's money back; nothing happens when none was taken.</summary>
    /// <returns>Rupees that went back.</returns>
    public decimal Refund(string orderId)
    {
        if (ledger.Refund(orderId, time.GetUtcNow()) is not { } payment)
        {
            return 0;
        }

        metrics.Refunded(payment.Method);
        LogRefunded(logger, payment.Id, payment.OrderId, payment.AmountInr);
        Publish(PaymentService.Refunded, payment);
        // Cash that was never collected can't go back, nor money that was never taken.
        return payment.Status == PaymentStatus.Succeeded ? payment.AmountInr : 0;
    }

    private FraudSignals Signals(MakePayment input, Vpa? vpa, DateTimeOffset now)
    {
        var tried = input.UserId is { } user ? ledger.TriedSince(user, now - FraudRules.DeclineWindow) : [];
        return new FraudSignals(
            input.AmountInr,
            input.Method!.Value,
            vpa,
            input.CardToken,
            tried.Count(p => p.MadeAt >= now - FraudRules.PaymentWindow),
            tried.Count(p => p.Status == PaymentStatus.Declined),
            TimeZoneInfo.ConvertTime(now, India).Hour);
    }

    private void Tell(Payment payment)
    {
        metrics.Made(payment);
        if (payment.Status == PaymentStatus.Declined)
        {
            Publish(PaymentService.Declined, payment);
        }
        else if (payment.Status != PaymentStatus.InReview)
        {
            Publish(PaymentService.Succeeded, payment);
        }
    }

    private void Publish(string type, Payment payment) => events.Publish(
        PaymentService.Topic, type, payment.OrderId, ("paymentId", payment.Id), ("method", payment.Method.ToString()), ("reason", payment.DeclineReason));

    [LoggerMessage(EventName = "payment-made", Level = LogLevel.Information, Message = "{PaymentId} of {OrderId} is {Status}")]
    private static partial void LogMade(
        ILogger logger,
        string paymentId,
        string orderId,
        PaymentMethod method,
        decimal amountInr,
        PaymentStatus status,
        string? declineReason,
        int fraudScore,
        Vpa? vpa);

    [LoggerMessage(EventName = "payment-reviewed", Level = LogLevel.Information, Message = "{PaymentId} of {OrderId} is {Status} after its review")]
    private static partial void LogReviewed(ILogger logger, string paymentId, string orderId, PaymentStatus status, string? declineReason);

    [LoggerMessage(EventName = "payment-refunded", Level = LogLevel.Information, Message = "{PaymentId} of {OrderId} was refunded")]
    private static partial void LogRefunded(ILogger logger, string paymentId, string orderId, decimal amountInr);
}
