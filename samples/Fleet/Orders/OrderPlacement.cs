using Fleet.Hosting.Problems;
using Fleet.Orders.Sagas;

namespace Fleet.Orders;

/// <summary>Places orders, each by a saga of its own.</summary>
internal sealed partial class OrderPlacement(SagaRunner sagas, OrderBook book, TimeProvider time, ILogger<OrderPlacement> logger)
{
    /// <returns>The order: confirmed, or in review when a person looks at its payment first.</returns>
    /// <exception cref="RefusedException">The order can't be placed.</exception>
    public async Task<Order> PlaceAsync(PlaceOrder input, CancellationToken cancellationToken)
    {
        var saga = await sagas.StartAsync($"o-{Guid.CreateVersion7(time.GetUtcNow()):N}", input, cancellationToken);
        var order = book.TryGet(saga.OrderId, out var known)
            ? known
            : OrderSteps.OrderOf(saga, saga.State == SagaState.Done ? OrderStatus.Confirmed : OrderStatus.InReview);
        LogPlaced(logger, order.Id, order.UserId, order.Status, order.City, order.TotalInr, order.Lines.Count);
        return order;
    }

    [LoggerMessage(EventName = "order-placed", Level = LogLevel.Information, Message = "{OrderId} of {UserId} is {Status}")]
    private static partial void LogPlaced(ILogger logger, string orderId, string userId, OrderStatus status, string city, decimal totalInr, int lines);
}
