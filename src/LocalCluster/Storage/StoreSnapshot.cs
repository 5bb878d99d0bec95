using System.Collections.Immutable;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Storage;

/// <summary>Everything stored at one revision. Immutable: a reader that holds one sees no later change.</summary>
/// <param name="Revision">Revision of the last change in it.</param>
/// <param name="Tables">Objects by resource.</param>
internal sealed record StoreSnapshot(long Revision, ImmutableDictionary<string, TableSnapshot> Tables)
{
    /// <summary>The objects of a resource.</summary>
    public TableSnapshot Table(string resource) => Tables.GetValueOrDefault(resource, TableSnapshot.Empty);

    /// <summary>One object, or null.</summary>
    public StoredObject? Find(string resource, ObjectKey key) => Table(resource).Find(key);
}
