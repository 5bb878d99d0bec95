using Fleet.Hosting.Events;
using Fleet.Hosting.Problems;
using Fleet.Orders.Clients;

namespace Fleet.Orders;

/// <summary>
/// Calls orders off: the money goes back, then the goods, then the rider and the customer are told. Every step can be repeated, so that a
/// cancellation that failed half-way can be too.
/// </summary>
internal sealed partial class OrderCancellation(
    InventoryClient inventory,
    PaymentClient payments,
    DeliveryClient deliveries,
    NotificationClient notifications,
    OrderBook book,
    EventPublisher events,
    OrderMetrics metrics,
    ILogger<OrderCancellation> logger)
{
    /// <summary>Whether an order can be called off: not while its saga is under way, nor when it was delivered or never placed.</summary>
    public static bool IsPossible(Order order) => order.Status is OrderStatus.Confirmed or OrderStatus.Shipped or OrderStatus.Cancelled;

    /// <exception cref="RefusedException">The payment or the inventory service is away.</exception>
    public async Task<Order> CancelAsync(Order order, CancellationToken cancellationToken)
    {
        if (order.Status == OrderStatus.Cancelled)
        {
            return order;
        }

        await payments.RefundAsync(order.Id, cancellationToken);
        await inventory.ReleaseAsync(order.Id, cancellationToken);
        var cancelled = order with { Status = OrderStatus.Cancelled, EtaAt = null };
        book.Set(cancelled);
        metrics.Cancelled(cancelled);
        LogCancelled(logger, cancelled.Id, cancelled.UserId);
        events.Publish(OrderService.Topic, OrderService.Cancelled, cancelled.Id, ("userId", cancelled.UserId));
        await TryAsync("delivery", cancelled, () => deliveries.CancelAsync(cancelled.Id, CancellationToken.None));
        await TryAsync("notification", cancelled, () => notifications.TellAsync(cancelled, CancellationToken.None));
        return cancelled;
    }

    /// <summary>The order is cancelled all the same; the event reaches the delivery service later.</summary>
    private async Task TryAsync(string step, Order order, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (RefusedException)
        {
            LogSkipped(logger, step, order.Id);
        }
    }

    [LoggerMessage(EventName = "order-cancelled", Level = LogLevel.Information, Message = "{OrderId} of {UserId} is cancelled")]
    private static partial void LogCancelled(ILogger logger, string orderId, string userId);

    [LoggerMessage(EventName = "step-skipped", Level = LogLevel.Warning, Message = "{OrderId} goes on without its {Step}")]
    private static partial void LogSkipped(ILogger logger, string step, string orderId);
}
