using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Fleet.PersonalData;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Payments;

/// <summary>The API of the payment service.</summary>
internal static partial class PaymentEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var payments = routes.MapGroup("/payments").WithTags("Payments");
        payments.MapPost("", Make).WithName("makePayment").RequireIdempotencyKey(routes).ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status409Conflict);
        payments.MapGet("/{id}", Get).WithName("getPayment").ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/refunds", Refund).WithName("refundOrder").WithTags("Refunds").RequireIdempotencyKey(routes)
            .ProducesValidationProblem();
    }

    /// <summary>Pays an order. A declined payment is an answer, not an error: its status says Declined.</summary>
    internal static Results<Created<Payment>, ProblemHttpResult> Make(
        MakePayment input, Ledger ledger, PaymentMetrics metrics, TimeProvider time, ILogger<PaymentService> logger)
    {
        var method = input.Method!.Value;
        if (method == PaymentMethod.Upi && input.Vpa is null)
        {
            return Problem.Invalid("vpa", "A payment by UPI needs vpa.");
        }

        if (method == PaymentMethod.Card && input.CardToken is null)
        {
            return Problem.Invalid("cardToken", "A payment by card needs cardToken.");
        }

        if (decimal.Round(input.AmountInr, 2) != input.AmountInr)
        {
            return Problem.Invalid("amountInr", "amountInr must be whole paise: at most two decimals.");
        }

        var vpa = input.Vpa is null ? null : new Vpa(input.Vpa);
        var declined = PaymentRules.DeclineReason(method, input.AmountInr, vpa, input.CardToken);
        var status = declined is not null ? PaymentStatus.Declined
            : method == PaymentMethod.CashOnDelivery ? PaymentStatus.DueOnDelivery
            : PaymentStatus.Succeeded;
        var now = time.GetUtcNow();
        var payment = new Payment($"p-{Guid.CreateVersion7(now):N}", input.OrderId, input.AmountInr, method, status, declined, now);
        if (!ledger.TryEnter(payment))
        {
            return Problem.Conflict("orderId", "The order has been paid for.");
        }

        metrics.Made(payment);
        LogMade(logger, payment.Id, payment.OrderId, payment.Method, payment.AmountInr, payment.Status, payment.DeclineReason, vpa);
        return TypedResults.Created($"/payments/{payment.Id}", payment);
    }

    /// <summary>One payment.</summary>
    internal static Results<Ok<Payment>, ProblemHttpResult> Get(string id, Ledger ledger) =>
        ledger.TryGet(id, out var payment) ? TypedResults.Ok(payment) : Problem.NotFound("payment", id);

    /// <summary>Gives an order's money back; nothing happens when none was taken.</summary>
    internal static Ok<RefundReply> Refund(RefundOrder input, Ledger ledger, PaymentMetrics metrics, ILogger<PaymentService> logger)
    {
        if (ledger.Refund(input.OrderId) is not { } payment)
        {
            return TypedResults.Ok(new RefundReply(input.OrderId, RefundedInr: 0));
        }

        metrics.Refunded(payment.Method);
        LogRefunded(logger, payment.Id, payment.OrderId, payment.AmountInr);
        // Cash that was never collected can't go back.
        return TypedResults.Ok(new RefundReply(payment.OrderId, payment.Status == PaymentStatus.DueOnDelivery ? 0 : payment.AmountInr));
    }

    [LoggerMessage(EventName = "payment-made", Level = LogLevel.Information, Message = "{PaymentId} of {OrderId} is {Status}")]
    private static partial void LogMade(
        ILogger logger,
        string paymentId,
        string orderId,
        PaymentMethod method,
        decimal amountInr,
        PaymentStatus status,
        string? declineReason,
        Vpa? vpa);

    [LoggerMessage(EventName = "payment-refunded", Level = LogLevel.Information, Message = "{PaymentId} of {OrderId} was refunded")]
    private static partial void LogRefunded(ILogger logger, string paymentId, string orderId, decimal amountInr);
}
