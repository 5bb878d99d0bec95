using Fleet.Hosting.Events;

namespace Fleet.Deliveries;

/// <summary>Calls off the deliveries of cancelled orders whose call did not get through.</summary>
internal sealed class CancelledOrders(Dispatcher dispatcher, DeliveryMetrics metrics) : IEventHandler
{
    public string Topic => "order-events";

    public IReadOnlyCollection<string> Types { get; } = ["ORDER_CANCELLED"];

    public Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
    {
        if (dispatcher.Cancel(happened.Key))
        {
            metrics.Cancelled();
        }

        return Task.CompletedTask;
    }
}
