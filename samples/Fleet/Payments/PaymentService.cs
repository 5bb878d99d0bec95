using System.Text.Json.Serialization;

namespace Fleet.Payments;

/// <summary>Payments by UPI, card and cash on delivery, and refunds.</summary>
internal sealed class PaymentService : FleetService
{
    public override string Name => "payment";

    internal override JsonSerializerContext Json => PaymentJson.Default;

    internal override void AddState(IServiceCollection services) => services.AddSingleton<Ledger>().AddSingleton<PaymentMetrics>();

    internal override void MapApi(IEndpointRouteBuilder routes) => PaymentEndpoints.Map(routes);
}
