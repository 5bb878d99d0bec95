using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Registry.Strategies;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Lifecycle;

/// <summary>Gives every namespace what every pod relies on, and empties it when it is deleted.</summary>
internal sealed class NamespaceController : IStoreObserver, ILifecycle
{
    private const string Namespaces = "namespaces";
    private const string Pods = "pods";
    private const string Accounts = "serviceaccounts";
    private const string ConfigMaps = "configmaps";
    private const string DefaultAccount = "default";
    private const string RootCertificates = "kube-root-ca.crt";

    private readonly ObjectStore _store;
    private readonly CatalogSource _catalogs;
    private readonly LocalClient _client;
    private readonly TimeProvider _clock;
    private readonly WorkLoop<string> _loop;
    private readonly ConcurrentDictionary<string, bool> _terminating = new();

    public NamespaceController(ObjectStore store, CatalogSource catalogs, LocalClient client, TimeProvider clock, ILogger<NamespaceController> logger)
    {
        (_store, _catalogs, _client, _clock) = (store, catalogs, client, clock);
        _loop = new WorkLoop<string>(HandleAsync, clock, logger);
        store.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        var key = change.Object.Key;
        if (resource == Namespaces)
        {
            _loop.Add(key.Name);
        }
        else if ((resource, key.Name) is (Accounts, DefaultAccount) or (ConfigMaps, RootCertificates)
            || (change.Type == WatchEventType.Deleted && _terminating.ContainsKey(key.Namespace)))
        {
            _loop.Add(key.Namespace);
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var ns in _store.Current.Table(Namespaces).Range())
        {
            _loop.Add(ns.Key.Name);
        }

        return _loop.RunAsync(cancellationToken);
    }

    private async Task HandleAsync(string name, CancellationToken cancellationToken)
    {
        var stored = _store.Current.Find(Namespaces, new ObjectKey("", name));
        if (stored is null)
        {
            _terminating.TryRemove(name, out _);
            return;
        }

        if (KubeObject.Parse(stored).DeletionTimestamp is null)
        {
            await ProvideAsync(Accounts, name, DefaultAccount, []);
            await ProvideAsync(ConfigMaps, name, RootCertificates, new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = "" } });
            return;
        }

        // Marked before anything is deleted, so that the end of each deletion is noticed.
        _terminating[name] = true;
        await EmptyAsync(name, cancellationToken);
    }

    private async Task ProvideAsync(string resource, string ns, string name, JsonObject content)
    {
        if (_store.Current.Find(resource, new ObjectKey(ns, name)) is not null)
        {
            return;
        }

        try
        {
            content["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns };
            await _client.CreateAsync(resource, content);
        }
        catch (StatusException e) when (e.Code is 403 or 404 or 409)
        {
            // The namespace was deleted meanwhile, or somebody else was faster.
        }
    }

    private async Task EmptyAsync(string ns, CancellationToken cancellationToken)
    {
        // Pods first: they may need their secrets and configuration to end well.
        var remaining = await DeleteAllAsync(ns, [Pods], cancellationToken);
        if (remaining.Count == 0)
        {
            remaining = await DeleteAllAsync(ns, Namespaced(), cancellationToken);
        }

        var key = new ObjectKey("", ns);
        if (remaining.Count > 0)
        {
            await _client.UpdateAsync(Namespaces, key, "status", obj => Report(obj, remaining));
            return;
        }

        await _client.UpdateAsync(Namespaces, key, "finalize", obj =>
        {
            var finalizers = obj.Json.Items("spec.finalizers").Select(f => (string)f!).Where(f => f != NamespaceStrategy.Finalizer);
            obj.Json.ObjectAt("spec")["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]);
        });
    }

    private IEnumerable<string> Namespaced() => _catalogs.Current.Groups.SelectMany(g => g.Versions).SelectMany(v => v.Resources)
        .Where(r => r.Type.Namespaced && r.Verbs.Contains("deletecollection")).Select(r => r.StorageName).Distinct();

    /// <returns>What is left, by resource: the objects that finalizers or a grace period hold.</returns>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<StoredObject>>> DeleteAllAsync(
        string ns, IEnumerable<string> resources, CancellationToken cancellationToken)
    {
        var remaining = new SortedDictionary<string, IReadOnlyList<StoredObject>>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            foreach (var obj in _store.Current.Table(resource).Range(ns))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await _client.DeleteAsync(resource, obj.Key, new DeletionOptions { Propagation = Propagation.Background, Uid = obj.Uid });
            }

            if (_store.Current.Table(resource).Range(ns).ToList() is { Count: > 0 } left)
            {
                remaining[resource] = left;
            }
        }

        return remaining;
    }

    private void Report(KubeObject ns, IReadOnlyDictionary<string, IReadOnlyList<StoredObject>> remaining)
    {
        var counts = remaining.Select(r => $"{r.Key} has {r.Value.Count} resource instances");
        var finalizers = remaining.Values.SelectMany(objects => objects).SelectMany(o => KubeObject.Parse(o).Finalizers)
            .GroupBy(f => f, (finalizer, all) => $"{finalizer} in {all.Count()} resource instances").Order(StringComparer.Ordinal).ToList();
        ns.Json.ObjectAt("status")["conditions"] = new JsonArray(
            Condition(ns, "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            Condition(ns, "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            Condition(ns, "NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            Condition(ns, "NamespaceContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {string.Join(", ", counts)}"),
            finalizers.Count == 0
                ? Condition(ns, "NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
                : Condition(ns, "NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", $"Some content in the namespace has finalizers remaining: {string.Join(", ", finalizers)}"));
    }

    private JsonObject Condition(KubeObject ns, string type, bool value, string reason, string message)
    {
        var status = value ? "True" : "False";
        var before = ns.Json.Items("status.conditions").FirstOrDefault(c => c.Text("type") == type);
        return new JsonObject
        {
            ["lastTransitionTime"] = before.Text("status") == status ? before.At("lastTransitionTime")?.DeepClone() : KubeObject.FormatTime(_clock.GetUtcNow()),
            ["message"] = message,
            ["reason"] = reason,
            ["status"] = status,
            ["type"] = type,
        };
    }
}
