using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;
using Fleet.Orders.Clients;

namespace Fleet.Orders;

/// <summary>Orders: from a basket to a parcel that is paid for and on its way.</summary>
internal sealed class OrderService : FleetService
{
    public override string Name => "order";

    internal override JsonSerializerContext Json => OrderJson.Default;

    internal override IReadOnlyList<Dependency> Dependencies =>
    [
        UserClient.Service, ProductClient.Service, InventoryClient.Service, PaymentClient.Service,
        DeliveryClient.Service, NotificationClient.Service,
    ];

    internal override void AddState(IServiceCollection services) => services
        .AddSingleton<UserClient>()
        .AddSingleton<ProductClient>()
        .AddSingleton<InventoryClient>()
        .AddSingleton<PaymentClient>()
        .AddSingleton<DeliveryClient>()
        .AddSingleton<NotificationClient>()
        .AddSingleton<OptionalSteps>()
        .AddSingleton<OrderBook>()
        .AddSingleton<OrderMetrics>()
        .AddSingleton<OrderPlacement>()
        .AddSingleton<OrderCancellation>();

    internal override void MapApi(IEndpointRouteBuilder routes) => OrderEndpoints.Map(routes);
}
