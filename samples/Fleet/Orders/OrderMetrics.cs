using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.Orders;

/// <summary>Business counters of the order service.</summary>
internal sealed class OrderMetrics
{
    // Customers type their city, and each label value is a series: the rest is counted as one.
    private static readonly FrozenSet<string> Cities = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Mumbai", "Navi Mumbai", "Thane", "Pune", "Delhi", "Bengaluru", "Hyderabad", "Chennai", "Kolkata", "Ahmedabad", "Jaipur", "Lucknow");

    private readonly Counter<long> _orders;
    private readonly Counter<long> _failed;
    private readonly Counter<double> _amount;

    public OrderMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Fleet.Orders");
        _orders = meter.CreateCounter<long>("orders_total", description: "Orders, by what became of them and where they go.");
        _failed = meter.CreateCounter<long>("orders_failed_total", description: "Orders that a sound request could not place, and why.");
        _amount = meter.CreateCounter<double>("order_amount_inr_total", description: "Rupees of the confirmed orders.");
    }

    public void Confirmed(Order order)
    {
        Count("confirmed", order.City);
        _amount.Add((double)order.TotalInr, City(order.City));
    }

    public void Cancelled(Order order) => Count("cancelled", order.City);

    /// <summary>Counts an order that ended with a problem of this status.</summary>
    public void NotPlaced(string? city, int problemStatus)
    {
        var reason = problemStatus switch
        {
            StatusCodes.Status409Conflict => "out_of_stock",
            StatusCodes.Status402PaymentRequired => "payment_declined",
            StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => "dependency_unavailable",
            >= StatusCodes.Status500InternalServerError => "defect",
            _ => null,
        };
        Count(reason is null ? "rejected" : "failed", city);
        if (reason is not null)
        {
            _failed.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    private void Count(string status, string? city) => _orders.Add(1, new TagList([new("status", status), City(city)]));

    private static KeyValuePair<string, object?> City(string? city) =>
        new("city", city is null ? "unknown" : Cities.TryGetValue(city, out var known) ? known : "other");
}
