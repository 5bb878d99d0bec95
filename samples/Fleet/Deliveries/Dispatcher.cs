using Fleet.Geography;
using Fleet.Hosting;

namespace Fleet.Deliveries;

/// <summary>
/// Gives each parcel to the rider who can bring it first: the nearest one, unless the nearest is still out for longer than the detour.
/// </summary>
internal sealed class Dispatcher(IReadOnlyList<Hub> hubs, TimeProvider time)
{
    /// <summary>Farther from every hub than this is not served.</summary>
    public const double MaxDistanceKm = 25;

    private const double SpeedKmPerHour = 18;

    // Streets against the crow's flight.
    private const double DetourFactor = 1.3;

    private static readonly TimeSpan PickUp = TimeSpan.FromMinutes(8);

    private readonly Lock _gate = new();
    private readonly Rider[] _riders = [.. hubs.SelectMany(h => Enumerable.Range(1, h.Riders).Select(n => new Rider($"r-{h.Name}-{n}", h)))];
    private readonly RecentItems<string, Delivery> _deliveries = new();
    private readonly Dictionary<string, (DateTimeOffset PickUpAt, DateTimeOffset EtaAt)> _underWay = [];

    public Delivery? Find(string orderId) => _deliveries.TryGet(orderId, out var delivery) ? delivery : null;

    /// <summary>Assigns a rider; the same order asking again gets the delivery that it has. Null when no hub is near enough.</summary>
    public Delivery? Assign(string orderId, Place dropOff)
    {
        lock (_gate)
        {
            if (_deliveries.TryGet(orderId, out var earlier))
            {
                return earlier;
            }

            var now = time.GetUtcNow();
            var distances = hubs.ToDictionary(h => h, h => Haversine.DistanceKm(h.Place, dropOff));
            var rider = _riders.Where(r => distances[r.Hub] <= MaxDistanceKm).MinBy(r => r.ArrivalAt(now, Travel(distances[r.Hub])));
            if (rider is null)
            {
                return null;
            }

            var travel = Travel(distances[rider.Hub]);
            var eta = rider.ArrivalAt(now, travel);
            rider.FreeAt = eta + travel;
            var delivery = new Delivery(orderId, rider.Id, rider.Hub.Name, Math.Round(distances[rider.Hub], 2), eta, DeliveryStatus.Assigned);
            _deliveries.Set(orderId, delivery);
            _underWay[orderId] = (eta - travel, eta);
            return delivery;
        }
    }

    /// <summary>Calls a delivery off. The rider is under way and comes back as planned.</summary>
    /// <returns>Whether there was one to call off.</returns>
    public bool Cancel(string orderId)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGet(orderId, out var delivery) || delivery.Status is DeliveryStatus.Cancelled or DeliveryStatus.Delivered)
            {
                return false;
            }

            _deliveries.Set(orderId, delivery with { Status = DeliveryStatus.Cancelled });
            _underWay.Remove(orderId);
            return true;
        }
    }

    /// <summary>The deliveries that came a step further since it was asked last, with the step.</summary>
    public IReadOnlyList<Delivery> Progress()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var further = new List<Delivery>();
            foreach (var (orderId, (pickUp, eta)) in _underWay.Where(d => d.Value.PickUpAt <= now).ToArray())
            {
                if (!_deliveries.TryGet(orderId, out var delivery) || eta <= now)
                {
                    _underWay.Remove(orderId);
                }

                var status = eta <= now ? DeliveryStatus.Delivered : DeliveryStatus.PickedUp;
                if (delivery is not null && delivery.Status != status)
                {
                    further.Add(delivery with { Status = status });
                    _deliveries.Set(orderId, further[^1]);
                }
            }

            return further;
        }
    }

    private static TimeSpan Travel(double distanceKm) => TimeSpan.FromHours(distanceKm * DetourFactor / SpeedKmPerHour);

    private sealed class Rider(string id, Hub hub)
    {
        public string Id { get; } = id;

        public Hub Hub { get; } = hub;

        public DateTimeOffset FreeAt { get; set; }

        public DateTimeOffset ArrivalAt(DateTimeOffset now, TimeSpan travel) => (FreeAt > now ? FreeAt : now) + PickUp + travel;
    }
}
