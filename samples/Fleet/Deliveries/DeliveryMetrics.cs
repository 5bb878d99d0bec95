using System.Diagnostics.Metrics;

namespace Fleet.Deliveries;

/// <summary>Business counters of the delivery service.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> _assigned;
    private readonly Counter<long> _unserved;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _delivered;

    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Fleet.Deliveries");
        _assigned = meter.CreateCounter<long>("deliveries_assigned_total", description: "Parcels given to a rider, by the rider's hub.");
        _unserved = meter.CreateCounter<long>("deliveries_unserved_total", description: "Parcels that no hub is near enough for.");
        _cancelled = meter.CreateCounter<long>("deliveries_cancelled_total", description: "Deliveries called off.");
        _delivered = meter.CreateCounter<long>("deliveries_completed_total", description: "Parcels that arrived, by the rider's hub.");
    }

    public void Assigned(string hub) => _assigned.Add(1, new KeyValuePair<string, object?>("hub", hub));

    public void Unserved() => _unserved.Add(1);

    public void Delivered(string hub) => _delivered.Add(1, new KeyValuePair<string, object?>("hub", hub));

    public void Cancelled() => _cancelled.Add(1);
}
