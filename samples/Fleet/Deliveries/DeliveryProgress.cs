using Fleet.Hosting.Events;

namespace Fleet.Deliveries;

/// <summary>Tells of parcels that were picked up and that have arrived, as their riders are due.</summary>
internal sealed class DeliveryProgress(Dispatcher dispatcher, EventPublisher events, DeliveryMetrics metrics, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    /// <summary>One round.</summary>
    internal void Round()
    {
        foreach (var delivery in dispatcher.Progress())
        {
            var isThere = delivery.Status == DeliveryStatus.Delivered;
            events.Publish("order-events", isThere ? "ORDER_DELIVERED" : "ORDER_SHIPPED", delivery.OrderId, ("hub", delivery.Hub));
            if (isThere)
            {
                metrics.Delivered(delivery.Hub);
            }
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
}
