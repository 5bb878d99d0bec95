using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Lifecycle;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Admission.Policies;

/// <summary>Writes into the status of ValidatingAdmissionPolicies what the schemas of their kinds say against their expressions.</summary>
internal sealed class PolicyTypeChecks : IStoreObserver, ILifecycle
{
    private readonly ObjectStore _store;
    private readonly LocalClient _client;
    private readonly CatalogSource _catalogs;
    private readonly WorkLoop<string> _loop;

    public PolicyTypeChecks(
        ObjectStore store, LocalClient client, CatalogSource catalogs, TimeProvider clock, ILogger<PolicyTypeChecks> logger)
    {
        (_store, _client, _catalogs) = (store, client, catalogs);
        _loop = new WorkLoop<string>(CheckAsync, clock, logger);
        store.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnCommitted(string resource, WatchEvent change)
    {
        if (resource == PolicyKinds.ValidatingPolicies && change.Type != WatchEventType.Deleted)
        {
            _loop.Add(change.Object.Key.Name);
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var policy in _store.Current.Table(PolicyKinds.ValidatingPolicies).Range())
        {
            _loop.Add(policy.Key.Name);
        }

        return _loop.RunAsync(cancellationToken);
    }

    private async Task CheckAsync(string name, CancellationToken cancellationToken)
    {
        var key = new ObjectKey("", name);
        if (_store.Current.Find(PolicyKinds.ValidatingPolicies, key) is not { } stored || IsChecked(KubeObject.Parse(stored)))
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        await _client.UpdateAsync(PolicyKinds.ValidatingPolicies, key, "status", policy =>
        {
            var warnings = TypeChecking.Check(policy, _catalogs.Current);
            var status = policy.Json.ObjectAt("status");
            status["observedGeneration"] = policy.Generation;
            status["typeChecking"] = warnings.Count == 0 ? [] : new JsonObject { ["expressionWarnings"] = new JsonArray([.. warnings]) };
        });
    }

    // As kube-apiserver does, once for each generation: a kind that is defined later changes nothing.
    private static bool IsChecked(KubeObject policy) => policy.Json.Number("status.observedGeneration") >= policy.Generation;
}
