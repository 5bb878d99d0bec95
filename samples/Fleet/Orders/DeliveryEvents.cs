using Fleet.Hosting.Events;

namespace Fleet.Orders;

/// <summary>Notes that parcels are on their way and have arrived.</summary>
internal sealed class DeliveryEvents(OrderBook book) : IEventHandler
{
    public string Topic => OrderService.Topic;

    public IReadOnlyCollection<string> Types { get; } = ["ORDER_SHIPPED", "ORDER_DELIVERED"];

    public Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
    {
        var status = happened.Type == "ORDER_SHIPPED" ? OrderStatus.Shipped : OrderStatus.Delivered;
        book.Change(happened.Key, order => order.Status is OrderStatus.Confirmed or OrderStatus.Shipped ? order with { Status = status } : order);
        return Task.CompletedTask;
    }
}
