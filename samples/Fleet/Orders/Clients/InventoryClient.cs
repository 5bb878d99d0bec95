using Fleet.Hosting.Calls;
using Fleet.Hosting.Problems;

namespace Fleet.Orders.Clients;

/// <summary>Goods to set aside.</summary>
internal sealed record ReservationRequest(string OrderId, IReadOnlyList<BasketLine> Lines);

/// <summary>Goods that were set aside.</summary>
internal sealed record ReservationReceipt(string OrderId);

/// <summary>Nothing that the address does not say.</summary>
internal sealed record SaleRequest;

/// <summary>Sets goods aside at the inventory service, and puts them back. The order's id is the idempotency key.</summary>
internal sealed class InventoryClient(DependencyCalls calls)
{
    public static readonly Dependency Service = new("inventory", Timeout: TimeSpan.FromSeconds(5));

    /// <exception cref="RefusedException">There is not enough of something, or the service is away.</exception>
    public async Task ReserveAsync(string orderId, IReadOnlyList<BasketLine> lines, CancellationToken cancellationToken)
    {
        var reply = await calls.PostAsync<ReservationRequest, ReservationReceipt>(
            Service, "/reservations", new ReservationRequest(orderId, lines), idempotencyKey: orderId, cancellationToken);
        if (reply.Refusal is { } refusal)
        {
            // The lines are the caller's own, so that the inventory's field names are the caller's too.
            throw new RefusedException(Problem.Refused(StatusCodes.Status409Conflict, refusal, prefix: ""));
        }
    }

    /// <summary>Sells what was set aside: it no longer expires.</summary>
    /// <exception cref="RefusedException">It has expired, or the service is away.</exception>
    public async Task SellAsync(string orderId, CancellationToken cancellationToken)
    {
        var reply = await calls.PostAsync<SaleRequest, object>(
            Service, $"/reservations/{orderId}/sale", new SaleRequest(), idempotencyKey: orderId, cancellationToken);
        if (reply.Refusal is not null)
        {
            throw new RefusedException(Problem.Conflict("lines", "The goods were set aside for too long; order again."));
        }
    }

    public Task ReleaseAsync(string orderId, CancellationToken cancellationToken) =>
        calls.DeleteAsync(Service, $"/reservations/{orderId}", cancellationToken);
}
