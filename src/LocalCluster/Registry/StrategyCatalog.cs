using System.Collections.Frozen;
using LocalCluster.Resources;

namespace LocalCluster.Registry;

/// <summary>The rules of each kind.</summary>
/// <param name="byStorageName">Rules of the kinds that have their own, by the name under which objects are stored.</param>
internal sealed class StrategyCatalog(FrozenDictionary<string, ObjectStrategy> byStorageName)
{
    private static readonly ObjectStrategy Custom = new() { CountsGenerations = true, AllowUnconditionalUpdate = false };

    /// <summary>The rules of a resource.</summary>
    public ObjectStrategy For(ApiResource resource) =>
        resource.IsCustom ? Custom : byStorageName.GetValueOrDefault(resource.StorageName, ObjectStrategy.Default);
}
