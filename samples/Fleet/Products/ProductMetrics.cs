using System.Diagnostics.Metrics;

namespace Fleet.Products;

/// <summary>Business counters of the product service.</summary>
internal sealed class ProductMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _searches = meters.Create("Fleet.Products")
        .CreateCounter<long>("product_searches_total", description: "Searches of the catalogue; found is false when nothing fitted.");

    public void Searched(bool found) => _searches.Add(1, new KeyValuePair<string, object?>("found", found ? "true" : "false"));
}
