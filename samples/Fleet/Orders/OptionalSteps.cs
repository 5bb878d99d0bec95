using Fleet.Geography;
using Fleet.Hosting.Problems;
using Fleet.Orders.Clients;

namespace Fleet.Orders;

/// <summary>
/// The steps without which an order stands all the same. Once the money is taken they run to their end even if the client goes away, so
/// that they take no cancellation; each call has its time limit.
/// </summary>
internal sealed partial class OptionalSteps(DeliveryClient deliveries, NotificationClient notifications, ILogger<OptionalSteps> logger)
{
    /// <returns>When the parcel should arrive; null while no rider has it.</returns>
    public async Task<DateTimeOffset?> RequestDeliveryAsync(string orderId, Place dropOff)
    {
        try
        {
            return await deliveries.RequestAsync(orderId, dropOff, CancellationToken.None);
        }
        catch (RefusedException)
        {
            LogSkipped(logger, "delivery", orderId);
            return null;
        }
    }

    public Task CancelDeliveryAsync(string orderId) =>
        TryAsync("delivery", orderId, () => deliveries.CancelAsync(orderId, CancellationToken.None));

    public Task TellCustomerAsync(Order order) =>
        TryAsync("notification", order.Id, () => notifications.TellAsync(order, CancellationToken.None));

    private async Task TryAsync(string step, string orderId, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (RefusedException)
        {
            LogSkipped(logger, step, orderId);
        }
    }

    [LoggerMessage(EventName = "step-skipped", Level = LogLevel.Warning, Message = "{OrderId} goes on without its {Step}")]
    private static partial void LogSkipped(ILogger logger, string step, string orderId);
}
