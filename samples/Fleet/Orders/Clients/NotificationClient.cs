using System.Globalization;
using Fleet.Hosting.Calls;

namespace Fleet.Orders.Clients;

/// <summary>A message to a customer.</summary>
internal sealed record NotificationRequest(string UserId, string Channel, string Template, IReadOnlyDictionary<string, string> Parameters);

/// <summary>A message that was taken.</summary>
internal sealed record NotificationReceipt(string Id);

/// <summary>Tells customers what became of their orders. An order stands without the message.</summary>
internal sealed class NotificationClient(DependencyCalls calls)
{
    public static readonly Dependency Service = new("notification", Timeout: TimeSpan.FromSeconds(2), Optional: true);

    public Task TellAsync(Order order, CancellationToken cancellationToken)
    {
        var template = order.Status == OrderStatus.Confirmed ? "OrderConfirmed" : "OrderCancelled";
        var request = new NotificationRequest(order.UserId, "Sms", template, new Dictionary<string, string>
        {
            ["orderId"] = order.Id,
            ["amountInr"] = order.TotalInr.ToString("0.00", CultureInfo.InvariantCulture),
        });
        return calls.PostAsync<NotificationRequest, NotificationReceipt>(
            Service, "/notifications", request, idempotencyKey: $"{order.Id}-{order.Status}", cancellationToken);
    }
}
