using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Deliveries;

/// <summary>The API of the delivery service.</summary>
internal static partial class DeliveryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup("/deliveries").WithTags("Deliveries");
        deliveries.MapPost("", Request).WithName("requestDelivery").RequireIdempotencyKey(routes).ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity);
        deliveries.MapGet("/{orderId}", Get).WithName("getDelivery").ProducesProblem(StatusCodes.Status404NotFound);
        deliveries.MapDelete("/{orderId}", Cancel).WithName("cancelDelivery");
    }

    /// <summary>Finds a rider for a parcel.</summary>
    internal static Results<Created<Delivery>, ProblemHttpResult> Request(
        RequestDelivery input, Dispatcher dispatcher, DeliveryMetrics metrics, ILogger<DeliveryService> logger)
    {
        if (dispatcher.Assign(input.OrderId, input.DropOff) is not { } delivery)
        {
            metrics.Unserved();
            return Problem.Unprocessable("dropOff", $"No hub is within {Dispatcher.MaxDistanceKm} km.");
        }

        metrics.Assigned(delivery.Hub);
        LogAssigned(logger, delivery.OrderId, delivery.Rider, delivery.Hub, delivery.DistanceKm);
        return TypedResults.Created($"/deliveries/{delivery.OrderId}", delivery);
    }

    /// <summary>The delivery of an order.</summary>
    internal static Results<Ok<Delivery>, ProblemHttpResult> Get(string orderId, Dispatcher dispatcher) =>
        dispatcher.Find(orderId) is { } delivery ? TypedResults.Ok(delivery) : Problem.NotFound("delivery of order", orderId);

    /// <summary>Calls a delivery off. It can be repeated, and does nothing when this instance knows none for the order.</summary>
    internal static NoContent Cancel(string orderId, Dispatcher dispatcher, DeliveryMetrics metrics)
    {
        if (dispatcher.Cancel(orderId))
        {
            metrics.Cancelled();
        }

        return TypedResults.NoContent();
    }

    [LoggerMessage(EventName = "delivery-assigned", Level = LogLevel.Information, Message = "{Rider} of {Hub} brings {OrderId}")]
    private static partial void LogAssigned(ILogger logger, string orderId, string rider, string hub, double distanceKm);
}
