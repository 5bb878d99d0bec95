using System.Text.Json.Nodes;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Lifecycle;

/// <summary>Deletes objects whose owners are gone, and does for owners that wait for it what their finalizers say.</summary>
internal sealed class GarbageCollector : IStoreObserver, ILifecycle
{
    private const string Orphan = "orphan";
    private const string Foreground = "foregroundDeletion";

    private readonly ObjectStore _store;
    private readonly LocalClient _client;
    private readonly OwnershipGraph _graph = new();
    private readonly WorkLoop<ObjectIdentity> _loop;

    public GarbageCollector(ObjectStore store, LocalClient client, TimeProvider clock, ILogger<GarbageCollector> logger)
    {
        (_store, _client) = (store, client);
        _loop = new WorkLoop<ObjectIdentity>(HandleAsync, clock, logger);
        foreach (var (resource, table) in store.Current.Tables)
        {
            foreach (var obj in table.Range())
            {
                _graph.Add(resource, obj);
            }
        }

        store.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        if (change.Type == WatchEventType.Deleted)
        {
            _graph.Remove(resource, change.Object);
            foreach (var dependent in _graph.DependentsOf(change.Object.Uid))
            {
                _loop.Add(dependent);
            }

            foreach (var owner in change.Object.OwnerUids)
            {
                if (_graph.Find(owner) is { } waiting)
                {
                    _loop.Add(waiting);
                }
            }

            return;
        }

        if (change.Previous is { OwnerUids.Count: > 0 } previous)
        {
            _graph.RemoveOwners(resource, previous);
        }

        _graph.Add(resource, change.Object);
        if (change.Object.OwnerUids.Count > 0 || change.Object.IsDeleting)
        {
            _loop.Add(new ObjectIdentity(resource, change.Object.Key, change.Object.Uid));
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (resource, table) in _store.Current.Tables)
        {
            foreach (var obj in table.Range().Where(o => o.OwnerUids.Count > 0 || o.IsDeleting))
            {
                _loop.Add(new ObjectIdentity(resource, obj.Key, obj.Uid));
            }
        }

        return _loop.RunAsync(cancellationToken);
    }

    private async Task HandleAsync(ObjectIdentity identity, CancellationToken cancellationToken)
    {
        if (Read(identity) is not { } obj)
        {
            return;
        }

        if (obj.DeletionTimestamp is null)
        {
            await CollectAsync(identity, obj);
        }
        else if (obj.Finalizers.Contains(Orphan))
        {
            await OrphanDependentsAsync(identity);
        }
        else if (obj.Finalizers.Contains(Foreground))
        {
            await DeleteDependentsAsync(identity);
        }
    }

    /// <summary>Deletes an object none of whose owners is left.</summary>
    private async Task CollectAsync(ObjectIdentity identity, KubeObject obj)
    {
        var states = (obj.OwnerReferences ?? []).ToLookup(reference => StateOf(reference!, obj));
        if (states.Count == 0)
        {
            return;
        }

        if (states[OwnerState.Solid].Any())
        {
            await ForgetOwnersAsync(identity, [.. states.Where(s => s.Key != OwnerState.Solid).SelectMany(s => s).Select(r => r!.Text("uid"))]);
            return;
        }

        var propagation = obj.Finalizers.Contains(Orphan) ? Propagation.Orphan
            : obj.Finalizers.Contains(Foreground) || (states[OwnerState.Waiting].Any() && _graph.DependentsOf(obj.Uid).Count > 0) ? Propagation.Foreground
            : Propagation.Background;
        await _client.DeleteAsync(identity.Resource, identity.Key, new DeletionOptions { Propagation = propagation, Uid = identity.Uid });
    }

    private async Task OrphanDependentsAsync(ObjectIdentity owner)
    {
        foreach (var dependent in _graph.DependentsOf(owner.Uid))
        {
            await ForgetOwnersAsync(dependent, [owner.Uid]);
        }

        await RemoveFinalizerAsync(owner, Orphan);
    }

    private async Task DeleteDependentsAsync(ObjectIdentity owner)
    {
        var blocking = _graph.DependentsOf(owner.Uid).Where(dependent => Read(dependent) is { } obj && Blocks(obj, owner.Uid)).ToList();
        if (blocking.Count == 0)
        {
            await RemoveFinalizerAsync(owner, Foreground);
            return;
        }

        foreach (var dependent in blocking.Where(d => Read(d)?.DeletionTimestamp is null))
        {
            _loop.Add(dependent);
        }

        await UnblockCycleAsync(owner, blocking);
    }

    // Owners that wait for each other would wait for ever.
    private async Task UnblockCycleAsync(ObjectIdentity owner, IReadOnlyList<ObjectIdentity> blocking)
    {
        foreach (var dependent in blocking)
        {
            if (Read(dependent) is { DeletionTimestamp: not null } obj && obj.Finalizers.Contains(Foreground)
                && _graph.DependentsOf(dependent.Uid).Contains(owner))
            {
                await _client.UpdateAsync(dependent.Resource, dependent.Key, "", o =>
                {
                    foreach (var reference in (o.OwnerReferences ?? []).OfType<JsonObject>().Where(r => r.Text("uid") == owner.Uid))
                    {
                        reference["blockOwnerDeletion"] = false;
                    }
                });
            }
        }
    }

    private static bool Blocks(KubeObject dependent, string ownerUid) =>
        (dependent.OwnerReferences ?? []).Any(r => r.Text("uid") == ownerUid && r.Flag("blockOwnerDeletion"));

    private OwnerState StateOf(JsonNode reference, KubeObject dependent)
    {
        var owner = _graph.Find(reference.Text("uid"));
        if (owner is { Key.Namespace.Length: > 0 } && dependent.Namespace.Length == 0)
        {
            // An object of the whole cluster can't belong to one of a namespace. It is a mistake, and no reason to delete it.
            return OwnerState.Solid;
        }

        // An owner in another namespace counts as gone: references never cross namespaces.
        if (owner is null || (owner.Value.Key.Namespace.Length > 0 && owner.Value.Key.Namespace != dependent.Namespace)
            || owner.Value.Key.Name != reference.Text("name") || Read(owner.Value) is not { } obj)
        {
            return OwnerState.Gone;
        }

        return obj.DeletionTimestamp is not null && obj.Finalizers.Contains(Foreground) ? OwnerState.Waiting : OwnerState.Solid;
    }

    private async Task ForgetOwnersAsync(ObjectIdentity identity, IReadOnlyList<string> uids)
    {
        if (uids.Count == 0 || Read(identity) is null)
        {
            return;
        }

        await _client.UpdateAsync(identity.Resource, identity.Key, "", obj =>
        {
            var kept = (obj.OwnerReferences ?? []).Where(r => !uids.Contains(r!.Text("uid"))).Select(r => r!.DeepClone()).ToArray();
            obj.Set("ownerReferences", kept.Length == 0 ? null : new JsonArray(kept));
        });
    }

    private Task RemoveFinalizerAsync(ObjectIdentity identity, string finalizer) => Read(identity) is null
        ? Task.CompletedTask
        : _client.UpdateAsync(identity.Resource, identity.Key, "", obj => obj.Finalizers = [.. obj.Finalizers.Where(f => f != finalizer)]);

    private KubeObject? Read(ObjectIdentity identity) =>
        _store.Current.Find(identity.Resource, identity.Key) is { } stored && stored.Uid == identity.Uid ? KubeObject.Parse(stored) : null;

    private enum OwnerState
    {
        Solid,
        Waiting,
        Gone,
    }
}
