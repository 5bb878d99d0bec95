using Fleet.Hosting.Problems;
using Fleet.Orders.Clients;

namespace Fleet.Orders;

/// <summary>
/// Calls orders off: the money goes back, then the goods, then the rider is told. Every step can be repeated, so that a cancellation that
/// failed half-way can be too.
/// </summary>
internal sealed partial class OrderCancellation(
    InventoryClient inventory,
    PaymentClient payments,
    OptionalSteps optional,
    OrderBook book,
    OrderMetrics metrics,
    ILogger<OrderCancellation> logger)
{
    /// <exception cref="RefusedException">The payment or the inventory service is away.</exception>
    public async Task<Order> CancelAsync(Order order, CancellationToken cancellationToken)
    {
        if (order.Status == OrderStatus.Cancelled)
        {
            return order;
        }

        await payments.RefundAsync(order.Id, cancellationToken);
        await inventory.ReleaseAsync(order.Id, cancellationToken);
        await optional.CancelDeliveryAsync(order.Id);
        var cancelled = order with { Status = OrderStatus.Cancelled, EtaAt = null };
        book.Set(cancelled);
        metrics.Cancelled(cancelled);
        LogCancelled(logger, cancelled.Id, cancelled.UserId);
        await optional.TellCustomerAsync(cancelled);
        return cancelled;
    }

    [LoggerMessage(EventName = "order-cancelled", Level = LogLevel.Information, Message = "{OrderId} of {UserId} is cancelled")]
    private static partial void LogCancelled(ILogger logger, string orderId, string userId);
}
