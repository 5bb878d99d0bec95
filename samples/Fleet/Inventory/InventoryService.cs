using System.Text.Json.Serialization;
using Fleet.Hosting.Events;
using Fleet.Hosting.Stores;

namespace Fleet.Inventory;

/// <summary>Stock: what is on the shelf, and what is set aside for orders.</summary>
internal sealed class InventoryService : FleetService
{
    public const string Topic = "inventory-events";
    public const string StockReserved = "STOCK_RESERVED";
    public const string StockReleased = "STOCK_RELEASED";
    public const string StockLow = "STOCK_LOW";

    public override string Name => "inventory";

    internal override JsonSerializerContext Json => InventoryJson.Default;

    internal override void AddState(IServiceCollection services) => services
        .AddRecords(static time => new Warehouse(OpeningStock.Levels, time))
        .AddSingleton<InventoryMetrics>()
        .AddSingleton<IEventHandler, CancelledOrders>()
        .AddHostedService<Stocktaking>();

    internal override void MapApi(IEndpointRouteBuilder routes) => InventoryEndpoints.Map(routes);
}
