using System.Text.Json.Serialization;
using Fleet.Hosting.Stores;

namespace Fleet.Payments;

/// <summary>Payments by UPI, card and cash on delivery, and refunds.</summary>
internal sealed class PaymentService : FleetService
{
    public const string Topic = "payment-events";
    public const string Succeeded = "PAYMENT_SUCCEEDED";
    public const string Declined = "PAYMENT_DECLINED";
    public const string Refunded = "PAYMENT_REFUNDED";

    public override string Name => "payment";

    internal override JsonSerializerContext Json => PaymentJson.Default;

    internal override void AddState(IServiceCollection services) => services
        .AddRecords(static _ => new Ledger())
        .AddSingleton<PaymentMetrics>()
        .AddSingleton<PaymentDesk>()
        .AddHostedService<ReviewLapse>();

    internal override void MapApi(IEndpointRouteBuilder routes) => PaymentEndpoints.Map(routes);
}
