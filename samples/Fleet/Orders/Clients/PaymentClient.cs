using Fleet.Hosting.Calls;
using Fleet.Hosting.Problems;

namespace Fleet.Orders.Clients;

/// <summary>Money to take.</summary>
internal sealed record PaymentRequest(string OrderId, string UserId, decimal AmountInr, PaymentMethod Method, string? Vpa, string? CardToken);

/// <summary>What became of it.</summary>
internal sealed record PaymentReceipt(string Id, string Status, string? DeclineReason)
{
    /// <summary>A person decides.</summary>
    public bool IsInReview => Status == "InReview";

    /// <summary>No money.</summary>
    public bool IsDeclined => Status == "Declined";
}

/// <summary>Money to give back.</summary>
internal sealed record RefundRequest(string OrderId);

/// <summary>What went back.</summary>
internal sealed record RefundReceipt(decimal RefundedInr);

/// <summary>Takes money at the payment service, and gives it back. The order's id is the idempotency key.</summary>
internal sealed class PaymentClient(DependencyCalls calls)
{
    public static readonly Dependency Service = new("payment", Timeout: TimeSpan.FromSeconds(30));

    /// <returns>The payment: made, or in review.</returns>
    /// <exception cref="RefusedException">The payment was declined, or the service is away.</exception>
    public async Task<PaymentReceipt> PayAsync(
        string orderId, string userId, decimal amountInr, PaymentInput payment, CancellationToken cancellationToken)
    {
        var request = new PaymentRequest(orderId, userId, amountInr, payment.Method!.Value, payment.Vpa, payment.CardToken);
        var reply = await calls.PostAsync<PaymentRequest, PaymentReceipt>(
            Service, "/payments", request, idempotencyKey: orderId, cancellationToken);
        return reply switch
        {
            { Refusal: { } refusal } =>
                throw new RefusedException(Problem.Refused(StatusCodes.Status400BadRequest, refusal, prefix: "payment.")),
            { Value: { IsDeclined: true } declined } =>
                throw new RefusedException(Problem.PaymentDeclined("payment", $"The payment was declined: {declined.DeclineReason}.")),
            { Value: { } receipt } => receipt,
            _ => throw new RefusedException(Problem.DependencyFailed(Service.Name)),
        };
    }

    /// <returns>The payment as it is now; null when there is none.</returns>
    public async Task<PaymentReceipt?> FindAsync(string paymentId, CancellationToken cancellationToken) =>
        (await calls.GetAsync<PaymentReceipt>(Service, $"/payments/{paymentId}", cancellationToken)).Value;

    public Task RefundAsync(string orderId, CancellationToken cancellationToken) => calls.PostAsync<RefundRequest, RefundReceipt>(
        Service, "/refunds", new RefundRequest(orderId), idempotencyKey: orderId, cancellationToken);
}
