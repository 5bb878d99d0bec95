using System.Text.Json.Serialization;

namespace Fleet.Deliveries;

/// <summary>Deliveries: which rider brings which parcel, and when.</summary>
internal sealed class DeliveryService : FleetService
{
    public override string Name => "delivery";

    internal override JsonSerializerContext Json => DeliveryJson.Default;

    internal override void AddState(IServiceCollection services) => services
        .AddSingleton(static provider => new Dispatcher(Hub.Mumbai, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<DeliveryMetrics>();

    internal override void MapApi(IEndpointRouteBuilder routes) => DeliveryEndpoints.Map(routes);
}
