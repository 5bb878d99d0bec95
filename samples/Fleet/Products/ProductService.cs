using System.Text.Json.Serialization;
using Fleet.Hosting.Events;
using Fleet.Hosting.Stores;

namespace Fleet.Products;

/// <summary>The catalogue: what is for sale, at which price and under which HSN code.</summary>
internal sealed class ProductService : FleetService
{
    public override string Name => "product";

    internal override JsonSerializerContext Json => ProductJson.Default;

    internal override void AddState(IServiceCollection services) => services
        .AddRecords(static time => new ScarceProducts(time))
        .AddSingleton<ProductMetrics>()
        .AddSingleton<IEventHandler, StockEvents>();

    internal override void MapApi(IEndpointRouteBuilder routes) => ProductEndpoints.Map(routes);
}
