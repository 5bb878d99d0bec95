using Fleet.Geography;
using Fleet.Hosting.Calls;

namespace Fleet.Orders.Clients;

/// <summary>A parcel to bring.</summary>
internal sealed record DeliveryRequest(string OrderId, Place DropOff);

/// <summary>When it comes.</summary>
internal sealed record DeliveryPromise(DateTimeOffset EtaAt);

/// <summary>Asks the delivery service for a rider. An order stands without one: the parcel goes later.</summary>
internal sealed class DeliveryClient(DependencyCalls calls)
{
    public static readonly Dependency Service = new("delivery", Timeout: TimeSpan.FromSeconds(3), Optional: true);

    /// <returns>When the parcel should arrive; null when no rider goes there.</returns>
    public async Task<DateTimeOffset?> RequestAsync(string orderId, Place dropOff, CancellationToken cancellationToken)
    {
        var reply = await calls.PostAsync<DeliveryRequest, DeliveryPromise>(
            Service, "/deliveries", new DeliveryRequest(orderId, dropOff), idempotencyKey: orderId, cancellationToken);
        return reply.Value?.EtaAt;
    }

    public Task CancelAsync(string orderId, CancellationToken cancellationToken) =>
        calls.DeleteAsync(Service, $"/deliveries/{orderId}", cancellationToken);
}
