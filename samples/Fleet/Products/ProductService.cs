using System.Text.Json.Serialization;

namespace Fleet.Products;

/// <summary>The catalogue: what is for sale, at which price and under which HSN code.</summary>
internal sealed class ProductService : FleetService
{
    public override string Name => "product";

    internal override JsonSerializerContext Json => ProductJson.Default;

    internal override void AddState(IServiceCollection services) => services.AddSingleton<ProductMetrics>();

    internal override void MapApi(IEndpointRouteBuilder routes) => ProductEndpoints.Map(routes);
}
