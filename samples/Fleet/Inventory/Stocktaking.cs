using Fleet.Hosting.Events;

namespace Fleet.Inventory;

/// <summary>Goes through the warehouse again and again: puts back what waited too long, and has low levels filled up.</summary>
internal sealed partial class Stocktaking(
    Warehouse warehouse, EventPublisher events, InventoryMetrics metrics, TimeProvider time, ILogger<Stocktaking> logger) : BackgroundService
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    /// <summary>One round.</summary>
    internal void Round()
    {
        foreach (var order in warehouse.Expire())
        {
            metrics.Expired();
            LogExpired(logger, order);
            events.Publish(InventoryService.Topic, InventoryService.StockReleased, order, ("reason", "expired"));
        }

        foreach (var level in warehouse.Refill())
        {
            events.Publish(InventoryService.Topic, InventoryService.StockLow, level.Sku);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Round();
            await Task.Delay(Pace, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventName = "reservation-expired", Level = LogLevel.Warning, Message = "Goods of {OrderId} waited too long and were put back")]
    private static partial void LogExpired(ILogger logger, string orderId);
}
