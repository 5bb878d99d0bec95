using System.Diagnostics.Metrics;

namespace Fleet.Inventory;

/// <summary>Business counters of the inventory service.</summary>
internal sealed class InventoryMetrics
{
    private readonly Counter<long> _reservations;
    private readonly Counter<long> _releases;
    private readonly Counter<long> _expirations;

    public InventoryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Fleet.Inventory");
        _reservations = meter.CreateCounter<long>("inventory_reservations_total", description: "Wishes to reserve, by what became of them.");
        _releases = meter.CreateCounter<long>("inventory_releases_total", description: "Reservations put back on the shelf.");
        _expirations = meter.CreateCounter<long>("inventory_expirations_total", description: "Reservations that waited too long for their order.");
    }

    public void Asked(string outcome) => _reservations.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Released() => _releases.Add(1);

    public void Expired() => _expirations.Add(1);
}
