using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers;

/// <summary>
/// Says which objects belong to a controller, by its selector: takes over those that match and have no controller, lets go of those that no
/// longer match.
/// </summary>
/// <param name="api">The cluster.</param>
/// <param name="writer">Writes.</param>
internal sealed class OwnerClaims(KubeApi api, ObjectWriter writer)
{
    /// <summary>Claims objects for an owner.</summary>
    /// <param name="ownerType">Kind of the owner.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="selector">Its selector.</param>
    /// <param name="type">Kind of the objects.</param>
    /// <param name="byOwner">The objects by owner.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The objects that belong to the owner.</returns>
    public async Task<IReadOnlyList<T>> ClaimAsync<T>(
        ResourceType ownerType, ObjectMeta owner, V1LabelSelector? selector, ResourceType type, CacheIndex<T> byOwner, CancellationToken cancellationToken)
        where T : class, IKubeObject
    {
        var claimed = new List<T>();
        foreach (var item in byOwner.Get(owner.Uid ?? ""))
        {
            if (selector.Matches(item.Metadata.Labels))
            {
                claimed.Add(item);
            }
            else if (owner.DeletionTimestamp is null)
            {
                var others = item.Metadata.OwnerReferences.Where(reference => reference.Uid != owner.Uid);
                await WriteOwnersAsync(type, item.Metadata, others, added: null, cancellationToken);
            }
        }

        foreach (var orphan in byOwner.Get(WorkloadCaches.OrphansOf(owner.Namespace)))
        {
            if (owner.DeletionTimestamp is null
                && orphan.Metadata.DeletionTimestamp is null
                && selector.Matches(orphan.Metadata.Labels)
                && await MayAdoptAsync(ownerType, owner, cancellationToken))
            {
                await WriteOwnersAsync(type, orphan.Metadata, orphan.Metadata.OwnerReferences, OwnerReferences.Controller(ownerType, owner), cancellationToken);
                claimed.Add(orphan);
            }
        }

        return claimed;
    }

    /// <summary>
    /// The cache may not know yet that the owner is being deleted with its objects left behind; taking one over then would delete it after all.
    /// </summary>
    private async Task<bool> MayAdoptAsync(ResourceType type, ObjectMeta owner, CancellationToken cancellationToken) =>
        await api.FindAsync<Identity>(type, owner.Key, cancellationToken) is { Metadata: { } live }
        && live.Uid == owner.Uid
        && live.DeletionTimestamp is null;

    private Task WriteOwnersAsync(
        ResourceType type, ObjectMeta item, IEnumerable<OwnerReference> owners, JsonObject? added, CancellationToken cancellationToken)
    {
        var references = new JsonArray([.. owners.Select(ObjectWriter.ToJson)]);
        if (added is not null)
        {
            references.Add(added);
        }

        var changes = new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = references.Count > 0 ? references : null } };
        return writer.PatchAsync(type, item, changes, cancellationToken);
    }

    private sealed record Identity : IKubeObject
    {
        public ObjectMeta Metadata { get; init; } = new();
    }
}
