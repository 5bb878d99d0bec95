using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
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
        orders.MapPost("/{id}/cancellation", Cancel).WithName("cancelOrder")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
    }

    /// <summary>Places an order: prices it, sets the goods aside, takes the money and asks for a rider.</summary>
    internal static async Task<Created<Order>> Place(PlaceOrder input, OrderPlacement placement, CancellationToken cancellationToken)
    {
        var order = await placement.PlaceAsync(input, cancellationToken);
        return TypedResults.Created($"/orders/{order.Id}", order);
    }

    /// <summary>One order.</summary>
    internal static Results<Ok<Order>, ProblemHttpResult> Get(string id, OrderBook book) =>
        book.TryGet(id, out var order) ? TypedResults.Ok(order) : Problem.NotFound("order", id);

    /// <summary>Calls an order off and gives its money back. It can be repeated.</summary>
    internal static async Task<Results<Ok<Order>, ProblemHttpResult>> Cancel(
        string id, OrderBook book, OrderCancellation cancellation, CancellationToken cancellationToken) =>
        book.TryGet(id, out var order)
            ? TypedResults.Ok(await cancellation.CancelAsync(order, cancellationToken))
            : Problem.NotFound("order", id);
}
