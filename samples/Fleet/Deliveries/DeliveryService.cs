using System.Text.Json.Serialization;
using Fleet.Hosting.Events;
using Fleet.Hosting.Stores;

namespace Fleet.Deliveries;

/// <summary>Deliveries: which rider brings which parcel, and when.</summary>
internal sealed class DeliveryService : FleetService
{
    public override string Name => "delivery";

    internal override JsonSerializerContext Json => DeliveryJson.Default;

    internal override void AddState(IServiceCollection services) => services
        .AddRecords(static time => new Dispatcher(Hub.Mumbai, time))
        .AddSingleton<DeliveryMetrics>()
        .AddSingleton<IEventHandler, CancelledOrders>()
        .AddHostedService<DeliveryProgress>();

    internal override void MapApi(IEndpointRouteBuilder routes) => DeliveryEndpoints.Map(routes);
}
