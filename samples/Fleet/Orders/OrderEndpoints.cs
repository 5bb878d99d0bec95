using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Fleet.Orders.Sagas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Orders;

/// <summary>The API of the order service.</summary>
internal static class OrderEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var orders = routes.MapGroup("/orders").WithTags("Orders");
        orders.MapPost("", Place).WithName("placeOrder").RequireIdempotencyKey(routes).ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status402PaymentRequired)
            .ProducesValidationProblem(StatusCodes.Status409Conflict)
            .ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
        orders.MapGet("/{id}", Get).WithName("getOrder").ProducesProblem(StatusCodes.Status404NotFound);
        orders.MapGet("/{id}/saga", GetSaga).WithName("getOrderSaga").ProducesProblem(StatusCodes.Status404NotFound);
        orders.MapPost("/{id}/cancellation", Cancel).WithName("cancelOrder")
            .ProducesValidationProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
    }

    /// <summary>
    /// Places an order: prices it, sets the goods aside, takes the money and asks for a rider. Accepted when a person must look at the payment first.
    /// </summary>
    internal static async Task<Results<Created<Order>, Accepted<Order>>> Place(
        PlaceOrder input, OrderPlacement placement, CancellationToken cancellationToken)
    {
        var order = await placement.PlaceAsync(input, cancellationToken);
        return order.Status == OrderStatus.InReview
            ? TypedResults.Accepted($"/orders/{order.Id}", order)
            : TypedResults.Created($"/orders/{order.Id}", order);
    }

    /// <summary>One order.</summary>
    internal static Results<Ok<Order>, ProblemHttpResult> Get(string id, OrderBook book) =>
        book.TryGet(id, out var order) ? TypedResults.Ok(order) : Problem.NotFound("order", id);

    /// <summary>How an order came to be what it is, step by step.</summary>
    internal static Results<Ok<SagaReply>, ProblemHttpResult> GetSaga(string id, SagaLog log) => log.TryGet(id, out var saga)
        ? TypedResults.Ok(new SagaReply(saga.OrderId, saga.State, saga.Owner, saga.Trail))
        : Problem.NotFound("order", id);

    /// <summary>Calls an order off and gives its money back. It can be repeated.</summary>
    internal static async Task<Results<Ok<Order>, ProblemHttpResult>> Cancel(
        string id, OrderBook book, OrderCancellation cancellation, CancellationToken cancellationToken) =>
        !book.TryGet(id, out var order) ? Problem.NotFound("order", id)
        : !OrderCancellation.IsPossible(order) ? Problem.Conflict("id", $"The order is {order.Status}.")
        : TypedResults.Ok(await cancellation.CancelAsync(order, cancellationToken));
}
