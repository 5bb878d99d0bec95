using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LocalCluster.Storage;

namespace LocalCluster.Resources;

/// <summary>What is served now: the built-in kinds and the custom resources that are established.</summary>
internal sealed class CatalogSource : IStoreObserver
{
    private ImmutableSortedDictionary<string, Definition> _definitions = ImmutableSortedDictionary.Create<string, Definition>(StringComparer.Ordinal);
    private ResourceCatalog _current;

    /// <param name="store">Where the definitions are.</param>
    public CatalogSource(ObjectStore store)
    {
        foreach (var definition in store.Current.Table(CustomResources.StorageName).Range())
        {
            Add(definition);
        }

        _current = Build();
        store.Subscribe(this);
    }

    /// <summary>The catalog as of the last change of a CustomResourceDefinition.</summary>
    public ResourceCatalog Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        if (resource != CustomResources.StorageName)
        {
            return;
        }

        if (change.Type == WatchEventType.Deleted)
        {
            _definitions = _definitions.Remove(change.Object.Key.Name);
        }
        else
        {
            Add(change.Object);
        }

        Volatile.Write(ref _current, Build());
    }

    private void Add(StoredObject stored)
    {
        var definition = KubeObject.Parse(stored);
        var versions = definition.Json["spec"]?["versions"];

        // Objects that were written under the same schemas need no second look.
        var revision = _definitions.GetValueOrDefault(stored.Key.Name) is { } known && JsonNode.DeepEquals(known.Versions, versions)
            ? known.SchemaRevision
            : stored.ResourceVersion;
        _definitions = _definitions.SetItem(stored.Key.Name, new Definition(versions, revision, CustomResources.Read(definition, revision)));
    }

    private ResourceCatalog Build()
    {
        var custom = _definitions.Values.SelectMany(d => d.Resources)
            .GroupBy(r => r.Type.Group, (group, resources) => new ApiGroup(
                group,
                [
                    .. resources.GroupBy(r => r.Type.Version, (version, ofVersion) => new ApiGroupVersion(version, [.. ofVersion]))
                        .OrderByDescending(v => v.Version, ApiVersionPriority.Comparer),
                ]));
        return new ResourceCatalog(BuiltInResources.Groups.Concat(custom));
    }

    private sealed record Definition(JsonNode? Versions, long SchemaRevision, IReadOnlyList<ApiResource> Resources);
}
