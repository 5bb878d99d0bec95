using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Selectors;
using LocalCluster.Storage;

namespace LocalCluster.Actions;

/// <summary>Deletes a pod if its disruption budget allows it: what draining a node does.</summary>
/// <param name="catalogs">What is served.</param>
/// <param name="store">Where pods and budgets are.</param>
/// <param name="updater">Uses up the budget.</param>
/// <param name="deleter">Deletes the pod.</param>
/// <param name="clock">Time.</param>
internal sealed class EvictPod(
    CatalogSource catalogs, ObjectStore store, ObjectUpdater updater, ObjectDeleter deleter, TimeProvider clock) : IObjectAction
{
    private const string Budgets = "poddisruptionbudgets.policy";
    private const string Violation = "Cannot evict pod as it would violate the pod's disruption budget.";

    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("pods", "eviction");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var options = WriteOptions.ForCreate(request);
        var body = await ActionAnswer.ReadAsync(request);
        var stored = store.Current.Find("pods", request.Key) ?? throw StatusErrors.NotFound(request.Resource.Type, request.Path.Name);
        var registry = request.Registry(options.DryRun || body.Items("deleteOptions.dryRun").Count > 0);
        await UseBudgetAsync(KubeObject.Parse(stored), registry);
        var deletion = new DeletionOptions
        {
            GracePeriodSeconds = (long?)body.At("deleteOptions.gracePeriodSeconds"),
            Uid = (string?)body.At("deleteOptions.preconditions.uid"),
            ResourceVersion = (string?)body.At("deleteOptions.preconditions.resourceVersion"),
        };
        await deleter.DeleteAsync(request.Resource, request.Key, deletion, registry);
        await ActionAnswer.DoneAsync(request);
    }

    private async Task UseBudgetAsync(KubeObject pod, RegistryRequest request)
    {
        var running = pod.DeletionTimestamp is null && pod.Json.Text("status.phase") is not ("Succeeded" or "Failed" or "Pending");
        if (!running)
        {
            return;
        }

        var labels = (pod.Labels ?? []).ToDictionary(l => l.Key, l => (string?)l.Value ?? "");
        var budgets = store.Current.Table(Budgets).Range(pod.Namespace).Select(KubeObject.Parse)
            .Where(b => b.Json.At("spec.selector") is JsonObject selector && LabelSelector.Read(selector).Matches(labels)).ToList();
        if (budgets.Count > 1)
        {
            throw StatusErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }

        if (budgets is [var budget] && !MayIgnore(budget, pod))
        {
            var resource = catalogs.Current.Find("policy", "v1", "poddisruptionbudgets")!;
            await updater.UpdateAsync(new ObjectChange(resource, budget.Key, "status", b => Use(b!, pod)), request);
        }
    }

    // A pod that is not ready takes nothing from a budget that has enough healthy pods, or that does not count such pods.
    private static bool MayIgnore(KubeObject budget, KubeObject pod)
    {
        var ready = pod.Json.Items("status.conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");
        return !ready && (budget.Json.Text("spec.unhealthyPodEvictionPolicy") == "AlwaysAllow"
            || (budget.Json.Number("status.currentHealthy") >= budget.Json.Number("status.desiredHealthy") && budget.Json.Number("status.desiredHealthy") > 0));
    }

    private KubeObject Use(KubeObject budget, KubeObject pod)
    {
        var status = budget.Json.ObjectAt("status");
        if (status.Number("observedGeneration") < budget.Generation)
        {
            throw Refused(budget, $"The disruption budget {budget.Name} is still being processed by the server.");
        }

        if (status.Number("disruptionsAllowed") <= 0)
        {
            throw Refused(
                budget,
                $"The disruption budget {budget.Name} needs {status.Number("desiredHealthy")} healthy pods and has {status.Number("currentHealthy")} currently");
        }

        status["disruptionsAllowed"] = status.Number("disruptionsAllowed") - 1;
        status.ObjectAt("disruptedPods")[pod.Name] = KubeObject.FormatTime(clock.GetUtcNow());
        return budget;
    }

    private static StatusException Refused(KubeObject budget, string why) => StatusErrors.TooManyRequests(Violation, new JsonObject
    {
        ["name"] = budget.Name,
        ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = why }),
    });
}
