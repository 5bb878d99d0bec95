using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Payments;

/// <summary>The API of the payment service.</summary>
internal static class PaymentEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var payments = routes.MapGroup("/payments").WithTags("Payments");
        payments.MapPost("", Make).WithName("makePayment").RequireIdempotencyKey(routes).ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status409Conflict);
        payments.MapGet("/{id}", Get).WithName("getPayment").ProducesProblem(StatusCodes.Status404NotFound);
        payments.MapPost("/{id}/review", Review).WithName("reviewPayment").ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status409Conflict);
        routes.MapPost("/refunds", Refund).WithName("refundOrder").WithTags("Refunds").RequireIdempotencyKey(routes)
            .ProducesValidationProblem();
    }

    /// <summary>Pays an order. A declined payment is an answer, not an error: its status says Declined. It can be repeated.</summary>
    internal static Results<Created<Payment>, ProblemHttpResult> Make(MakePayment input, PaymentDesk desk)
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

        return desk.Pay(input) is { } payment
            ? TypedResults.Created($"/payments/{payment.Id}", payment)
            : Problem.Conflict("orderId", "The order has been paid for otherwise, or was called off.");
    }

    /// <summary>One payment.</summary>
    internal static Results<Ok<Payment>, ProblemHttpResult> Get(string id, Ledger ledger) =>
        ledger.TryGet(id, out var payment) ? TypedResults.Ok(payment) : Problem.NotFound("payment", id);

    /// <summary>Says what becomes of a payment in review.</summary>
    internal static Results<Ok<Payment>, ProblemHttpResult> Review(string id, ReviewPayment input, PaymentDesk desk) =>
        desk.Decide(id, input.Decision == ReviewDecision.Block ? PaymentRules.ReviewBlocked : null) is { } payment
            ? TypedResults.Ok(payment)
            : Problem.Conflict("id", "No payment of this id is in review.");

    /// <summary>Gives an order's money back; nothing happens when none was taken.</summary>
    internal static Ok<RefundReply> Refund(RefundOrder input, PaymentDesk desk) =>
        TypedResults.Ok(new RefundReply(input.OrderId, desk.Refund(input.OrderId)));
}
