using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>
/// Keeps the data plane as the policies of a service say: merge, plan by the provider, apply, and report what became of it. Can be cut off at any
/// line: the next run starts from the whole state.
/// </summary>
public sealed class TrafficReconciler(FleetCaches caches, TrafficPlanner planner, Applier applier, TrafficLedger ledger, ChangeTeller teller) : IReconciler
{
    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Services.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } service)
        {
            ledger.Forget(request.Key);
            return ReconcileResult.Done; // the cluster collects what it owned, by owner reference
        }

        var plan = planner.Plan(service);
        var result = await ApplyAsync(service, plan.Rendered, request.Cause, cancellationToken);
        ledger.Report(request.Key, ServiceTraffic.Of(plan, result.Failures.Count == 0 ? null : result.Failures[0].Problem));
        return result.Failures.Count > 0
            ? ReconcileResult.Failed(result.Failures[0].Problem, result.Failures.Max(failure => failure.RetryAfter))
            : ReconcileResult.Done;
    }

    /// <summary>Writes what the provider of now plans, and takes away what that of before had made.</summary>
    private async Task<ApplyResult> ApplyAsync(ManagedService service, ProviderPlan plan, string? cause, CancellationToken cancellationToken)
    {
        var existing = caches.TrafficObjects.Of(service.Metadata.Key);
        var owner = new OwnerReference { Kind = ManagedService.ResourceType.Kind, Name = service.Metadata.Name, Uid = service.Metadata.Uid ?? "" };
        var result = await applier.ApplyAsync(owner, plan.Objects, existing, takeOver: false, cancellationToken);
        teller.Tell(service, result.Changes, cause);
        return result;
    }
}
