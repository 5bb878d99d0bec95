using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Lifecycle;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Quotas;

/// <summary>Keeps the status of quotas true: counts what their namespace uses whenever that changes.</summary>
internal sealed class QuotaController : IStoreObserver, ILifecycle
{
    private const string Quotas = "resourcequotas";

    private readonly ObjectStore _store;
    private readonly LocalClient _client;
    private readonly WorkLoop<string> _loop;
    private readonly ConcurrentDictionary<string, bool> _limited = new();

    public QuotaController(ObjectStore store, LocalClient client, TimeProvider clock, ILogger<QuotaController> logger)
    {
        (_store, _client) = (store, client);
        _loop = new WorkLoop<string>(CountAsync, clock, logger);
        store.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        var ns = change.Object.Key.Namespace;
        if (resource == Quotas)
        {
            _limited[ns] = true;
        }

        if (_limited.ContainsKey(ns))
        {
            _loop.Add(ns);
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var quota in _store.Current.Table(Quotas).Range())
        {
            _limited[quota.Key.Namespace] = true;
            _loop.Add(quota.Key.Namespace);
        }

        return _loop.RunAsync(cancellationToken);
    }

    private async Task CountAsync(string ns, CancellationToken cancellationToken)
    {
        var quotas = _store.Current.Table(Quotas).Range(ns).ToList();
        if (quotas.Count == 0)
        {
            _limited.TryRemove(ns, out _);
        }

        foreach (var stored in quotas)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _client.UpdateAsync(Quotas, stored.Key, "status", quota =>
            {
                // Counted inside of the change: what admission books meanwhile is not lost.
                var hard = quota.Json.ObjectAt("spec.hard");
                var used = Count(quota, hard, _store.Current);
                var status = quota.Json.ObjectAt("status");
                status["hard"] = hard.DeepClone();
                status["used"] = new JsonObject(hard.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)used.GetValueOrDefault(h.Key, Quantity.FromInteger(0)).ToString())));
            });
        }
    }

    private static Dictionary<string, Quantity> Count(KubeObject quota, JsonObject hard, StoreSnapshot snapshot)
    {
        var total = new Dictionary<string, Quantity>();
        foreach (var resource in Limited(hard))
        {
            foreach (var obj in snapshot.Table(resource).Range(quota.Namespace).Select(KubeObject.Parse).Where(o => QuotaScopes.Match(quota, resource, o)))
            {
                foreach (var (name, amount) in QuotaUsage.Of(resource, obj))
                {
                    total[name] = total.TryGetValue(name, out var sum) ? sum + amount : amount;
                }
            }
        }

        return total;
    }

    private static IEnumerable<string> Limited(JsonObject hard) => hard.Select(h => h.Key switch
    {
        ['c', 'o', 'u', 'n', 't', '/', .. var resource] => resource,
        "services" or "services.nodeports" or "services.loadbalancers" => "services",
        "configmaps" or "secrets" or "replicationcontrollers" or "resourcequotas" or "persistentvolumeclaims" => h.Key,
        "requests.storage" => "persistentvolumeclaims",
        _ when h.Key.Contains(".storageclass.storage.k8s.io/", StringComparison.Ordinal) => "persistentvolumeclaims",
        _ => "pods",
    }).Distinct();
}
