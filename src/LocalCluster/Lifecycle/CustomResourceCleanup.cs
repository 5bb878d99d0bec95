using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Registry;
using LocalCluster.Registry.Strategies;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Lifecycle;

/// <summary>Deletes the objects of a CustomResourceDefinition that is deleted, and then lets it go.</summary>
internal sealed class CustomResourceCleanup : IStoreObserver, ILifecycle
{
    private readonly ObjectStore _store;
    private readonly LocalClient _client;
    private readonly WorkLoop<string> _loop;
    private readonly ConcurrentDictionary<string, bool> _terminating = new();

    public CustomResourceCleanup(ObjectStore store, LocalClient client, TimeProvider clock, ILogger<CustomResourceCleanup> logger)
    {
        (_store, _client) = (store, client);
        _loop = new WorkLoop<string>(HandleAsync, clock, logger);
        store.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        if (resource == CustomResources.StorageName)
        {
            _loop.Add(change.Object.Key.Name);
        }
        else if (change.Type == WatchEventType.Deleted && _terminating.ContainsKey(resource))
        {
            // Objects are stored under the name of their definition.
            _loop.Add(resource);
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var definition in _store.Current.Table(CustomResources.StorageName).Range())
        {
            _loop.Add(definition.Key.Name);
        }

        return _loop.RunAsync(cancellationToken);
    }

    private async Task HandleAsync(string name, CancellationToken cancellationToken)
    {
        var key = new ObjectKey("", name);
        var stored = _store.Current.Find(CustomResources.StorageName, key);
        if (stored is null)
        {
            _terminating.TryRemove(name, out _);
            return;
        }

        var definition = KubeObject.Parse(stored);
        if (definition.DeletionTimestamp is null || !definition.Finalizers.Contains(CustomResourceDefinitionStrategy.Finalizer))
        {
            return;
        }

        _terminating[name] = true;
        foreach (var obj in _store.Current.Table(name).Range())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _client.DeleteAsync(name, obj.Key, new DeletionOptions { Uid = obj.Uid });
        }

        if (_store.Current.Table(name).Count == 0)
        {
            await _client.UpdateAsync(CustomResources.StorageName, key, "", obj =>
                obj.Finalizers = [.. obj.Finalizers.Where(f => f != CustomResourceDefinitionStrategy.Finalizer)]);
        }
    }
}
