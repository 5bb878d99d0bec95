namespace LocalCluster.Resources;

/// <summary>Something that is made of the catalog, and made anew when the catalog changes.</summary>
/// <typeparam name="T">What is made.</typeparam>
/// <param name="catalogs">What is served.</param>
/// <param name="make">Makes it.</param>
internal sealed class PerCatalog<T>(CatalogSource catalogs, Func<ResourceCatalog, T> make)
    where T : class
{
    private Entry? _last;

    /// <summary>The one of the current catalog.</summary>
    public T Current
    {
        get
        {
            var catalog = catalogs.Current;
            var last = Volatile.Read(ref _last);
            if (last?.Catalog != catalog)
            {
                last = new Entry(catalog, make(catalog));
                Volatile.Write(ref _last, last);
            }

            return last.Value;
        }
    }

    private sealed record Entry(ResourceCatalog Catalog, T Value);
}
