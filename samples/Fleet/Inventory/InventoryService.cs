using System.Text.Json.Serialization;

namespace Fleet.Inventory;

/// <summary>Stock: what is on the shelf, and what is set aside for orders.</summary>
internal sealed class InventoryService : FleetService
{
    public override string Name => "inventory";

    internal override JsonSerializerContext Json => InventoryJson.Default;

    internal override void AddState(IServiceCollection services) => services
        .AddSingleton(static provider => new Warehouse(OpeningStock.Levels, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<InventoryMetrics>();

    internal override void MapApi(IEndpointRouteBuilder routes) => InventoryEndpoints.Map(routes);
}
