using Fleet.Hosting.Problems;
using Fleet.Orders.Clients;

namespace Fleet.Orders;

/// <summary>
/// Places orders: the customer is checked, the basket priced, the goods set aside, the money taken, a rider asked for and the customer
/// told. When goods or money fail, what was done is undone; an order stands without rider and message.
/// </summary>
internal sealed partial class OrderPlacement(
    UserClient users,
    ProductClient products,
    InventoryClient inventory,
    PaymentClient payments,
    OptionalSteps optional,
    OrderBook book,
    OrderMetrics metrics,
    TimeProvider time,
    ILogger<OrderPlacement> logger)
{
    /// <exception cref="RefusedException">The order can't be placed.</exception>
    public async Task<Order> PlaceAsync(PlaceOrder input, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = $"o-{Guid.CreateVersion7(now):N}";
        var paid = await TakeMoneyAndGoodsAsync(id, input, cancellationToken);

        // From here on the order stands, whoever goes away.
        var eta = await optional.RequestDeliveryAsync(id, paid.Customer.Location);
        var order = new Order(
            id, paid.Customer.Id, paid.Customer.City, OrderStatus.Confirmed, paid.Lines, paid.TotalInr, paid.PaymentId, eta, PlacedAt: now);
        book.Set(order);
        metrics.Confirmed(order);
        LogPlaced(logger, order.Id, order.UserId, order.City, order.TotalInr, order.Lines.Count);
        await optional.TellCustomerAsync(order);
        return order;
    }

    /// <summary>The steps that an order can't do without: all are done in the end, or none.</summary>
    private async Task<PaidBasket> TakeMoneyAndGoodsAsync(string id, PlaceOrder input, CancellationToken cancellationToken)
    {
        var compensations = new Compensations(logger, time);
        Customer? customer = null;
        try
        {
            customer = await users.GetAsync(input.UserId, cancellationToken);
            var lines = await products.PriceAsync(input.Lines, cancellationToken);
            var total = lines.Sum(l => l.Quantity * l.UnitPriceInr);

            compensations.Add("reservation", token => inventory.ReleaseAsync(id, token));
            await inventory.ReserveAsync(id, input.Lines, cancellationToken);

            compensations.Add("payment", token => payments.RefundAsync(id, token));
            var paymentId = await payments.PayAsync(id, total, input.Payment, cancellationToken);
            return new PaidBasket(customer, lines, total, paymentId);
        }
        catch (Exception exception)
        {
            await compensations.RunAsync();
            var status = (exception as RefusedException)?.Problem.StatusCode ?? StatusCodes.Status500InternalServerError;
            metrics.NotPlaced(customer?.City, status);
            LogNotPlaced(logger, id, input.UserId, status);
            throw;
        }
    }

    [LoggerMessage(EventName = "order-placed", Level = LogLevel.Information, Message = "{OrderId} of {UserId} is confirmed")]
    private static partial void LogPlaced(ILogger logger, string orderId, string userId, string city, decimal totalInr, int lines);

    [LoggerMessage(EventName = "order-not-placed", Level = LogLevel.Warning, Message = "{OrderId} of {UserId} was not placed")]
    private static partial void LogNotPlaced(ILogger logger, string orderId, string userId, int status);

    private sealed record PaidBasket(Customer Customer, IReadOnlyList<OrderLine> Lines, decimal TotalInr, string PaymentId);
}
