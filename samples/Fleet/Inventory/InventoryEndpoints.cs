using System.ComponentModel;
using System.Globalization;
using Fleet.Hosting.Events;
using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Inventory;

/// <summary>The API of the inventory service.</summary>
internal static partial class InventoryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var stock = routes.MapGroup("/stock").WithTags("Stock");
        stock.MapGet("/{sku}", GetLevel).WithName("getStock").ProducesProblem(StatusCodes.Status404NotFound);
        stock.MapPut("/{sku}", Count).WithName("countStock").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesValidationProblem(StatusCodes.Status412PreconditionFailed);

        var reservations = routes.MapGroup("/reservations").WithTags("Reservations");
        reservations.MapPost("", Reserve).WithName("reserveStock").RequireIdempotencyKey(routes).ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status409Conflict).ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity);
        reservations.MapPost("/{orderId}/sale", Sell).WithName("sellStock").ProducesValidationProblem(StatusCodes.Status409Conflict);
        reservations.MapDelete("/{orderId}", Release).WithName("releaseStock");
    }

    /// <summary>What is on the shelf; the ETag is for a later change.</summary>
    internal static Results<Ok<StockLevel>, ProblemHttpResult> GetLevel(string sku, Warehouse warehouse, HttpResponse response) =>
        warehouse.Level(sku) is { } level ? Tagged(level, response) : Problem.NotFound("SKU", sku);

    /// <summary>Replaces the level after a count, unless somebody changed it since it was read.</summary>
    internal static Results<Ok<StockLevel>, ProblemHttpResult> Count(
        string sku,
        CountStock input,
        [FromHeader(Name = "If-Match"), Description("ETag of the level that was read.")] string ifMatch,
        Warehouse warehouse,
        HttpResponse response)
    {
        if (!long.TryParse(ifMatch.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return Problem.Invalid("If-Match", "The header must hold the ETag of the level that was read, such as \"7\".");
        }

        return warehouse.Count(sku, input.Available, version) switch
        {
            null => Problem.NotFound("SKU", sku),
            { Replaced: false } => Problem.Stale("If-Match", "The level has changed since it was read; read it again."),
            { Level: var level } => Tagged(level, response),
        };
    }

    /// <summary>Sets goods aside for an order: all lines or none.</summary>
    internal static Results<Created<Reservation>, ProblemHttpResult> Reserve(
        ReserveStock input, Warehouse warehouse, EventPublisher events, InventoryMetrics metrics, ILogger<InventoryService> logger)
    {
        var outcome = warehouse.Reserve(input.OrderId, input.Lines);
        metrics.Asked(outcome switch
        {
            ReserveOutcome.Reserved => "reserved",
            ReserveOutcome.OutOfStock => "out_of_stock",
            _ => "refused",
        });
        switch (outcome)
        {
            case ReserveOutcome.Reserved reserved:
                LogReserved(logger, input.OrderId, input.Lines.Count);
                events.Publish(InventoryService.Topic, InventoryService.StockReserved, input.OrderId);
                return TypedResults.Created($"/reservations/{input.OrderId}", reserved.Reservation);
            case ReserveOutcome.OutOfStock { Line: var line }:
                return Problem.Conflict($"lines[{line}].quantity", $"There are not so many of {input.Lines[line].Sku}.");
            case ReserveOutcome.UnknownSku { Line: var line }:
                return Problem.Unprocessable($"lines[{line}].sku", "Nothing of that SKU is stocked.");
            default:
                return Problem.Conflict("orderId", "The order has a reservation of other goods.");
        }
    }

    /// <summary>Sells what an order has set aside: it no longer expires. It can be repeated.</summary>
    internal static Results<NoContent, ProblemHttpResult> Sell(string orderId, Warehouse warehouse) => warehouse.Sell(orderId)
        ? TypedResults.NoContent()
        : Problem.Conflict("orderId", "Nothing is set aside for the order, or no longer.");

    /// <summary>Puts an order's goods back, sold or not. It can be repeated, and does nothing when none are set aside.</summary>
    internal static NoContent Release(
        string orderId, Warehouse warehouse, EventPublisher events, InventoryMetrics metrics, ILogger<InventoryService> logger)
    {
        if (warehouse.Release(orderId))
        {
            metrics.Released();
            LogReleased(logger, orderId);
            events.Publish(InventoryService.Topic, InventoryService.StockReleased, orderId, ("reason", "released"));
        }

        return TypedResults.NoContent();
    }

    private static Ok<StockLevel> Tagged(StockLevel level, HttpResponse response)
    {
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{level.Version}\"");
        return TypedResults.Ok(level);
    }

    [LoggerMessage(EventName = "stock-reserved", Level = LogLevel.Information, Message = "Goods were set aside for {OrderId}")]
    private static partial void LogReserved(ILogger logger, string orderId, int lines);

    [LoggerMessage(EventName = "stock-released", Level = LogLevel.Information, Message = "Goods of {OrderId} were put back")]
    private static partial void LogReleased(ILogger logger, string orderId);
}
