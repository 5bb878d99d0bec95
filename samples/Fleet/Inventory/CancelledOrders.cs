using Fleet.Hosting.Events;

namespace Fleet.Inventory;

/// <summary>Puts back the goods of cancelled orders whose release did not get through.</summary>
internal sealed class CancelledOrders(Warehouse warehouse, InventoryMetrics metrics) : IEventHandler
{
    public string Topic => "order-events";

    public IReadOnlyCollection<string> Types { get; } = ["ORDER_CANCELLED"];

    public Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
    {
        if (warehouse.Release(happened.Key))
        {
            metrics.Released();
        }

        return Task.CompletedTask;
    }
}
