using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Events;
using Fleet.Hosting.Stores;
using Fleet.Orders.Clients;
using Fleet.Orders.Sagas;

namespace Fleet.Orders;

/// <summary>Orders: from a basket to a parcel that is paid for and on its way.</summary>
internal sealed class OrderService : FleetService
{
    public const string Topic = "order-events";
    public const string Placed = "ORDER_PLACED";
    public const string Paid = "ORDER_PAID";
    public const string Cancelled = "ORDER_CANCELLED";

    public override string Name => "order";

    internal override JsonSerializerContext Json => OrderJson.Default;

    internal override IReadOnlyList<Dependency> Dependencies =>
    [
        UserClient.Service, ProductClient.Service, InventoryClient.Service, PaymentClient.Service,
        DeliveryClient.Service, NotificationClient.Service,
    ];

    internal override void AddState(IServiceCollection services) => services
        .AddRecords(static _ => new OrderBook())
        .AddRecords(static time => new SagaLog(time))
        .AddSingleton<UserClient>()
        .AddSingleton<ProductClient>()
        .AddSingleton<InventoryClient>()
        .AddSingleton<PaymentClient>()
        .AddSingleton<DeliveryClient>()
        .AddSingleton<NotificationClient>()
        .AddSingleton<OrderMetrics>()
        .AddSingleton<OrderSteps>()
        .AddSingleton<SagaRunner>()
        .AddSingleton<SagaRecovery>()
        .AddHostedService(static provider => provider.GetRequiredService<SagaRecovery>())
        .AddSingleton<OrderPlacement>()
        .AddSingleton<OrderCancellation>()
        .AddSingleton<IEventHandler, PaymentEvents>()
        .AddSingleton<IEventHandler, DeliveryEvents>();

    internal override void MapApi(IEndpointRouteBuilder routes) => OrderEndpoints.Map(routes);
}
