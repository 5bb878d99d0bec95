using Fleet.Hosting;

namespace Fleet.Products;

/// <summary>What there is little of, as the inventory service told of late.</summary>
internal sealed class ScarceProducts(TimeProvider time)
{
    /// <summary>How long it counts: low levels are filled up soon.</summary>
    public static readonly TimeSpan For = TimeSpan.FromMinutes(5);

    private readonly RecentItems<string, DateTimeOffset> _since = new();

    public void Note(string sku) => _since.Set(sku, time.GetUtcNow());

    public bool Has(string sku) => _since.TryGet(sku, out var since) && time.GetUtcNow() - since < For;
}
