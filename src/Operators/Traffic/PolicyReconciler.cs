using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Status;
using Microsoft.Extensions.Logging;
using Operators.Cluster;

namespace Operators.Traffic;

/// <summary>Keeps the status of the policies of one kind: whether they are valid, whom they reach, and what the data plane has of them.</summary>
/// <typeparam name="TPolicy">The kind.</typeparam>
/// <typeparam name="TSpec">Its spec.</typeparam>
public sealed class PolicyReconciler<TPolicy, TSpec>(
    Informer<TPolicy> policies, ResourceType type, FleetCaches caches, TrafficLedger ledger, StatusWriter statusWriter, TimeProvider time) : IReconciler
    where TPolicy : CustomResource<TSpec, PolicyStatus>
    where TSpec : class, IPolicySpec, new()
{
    /// <summary>
    /// Reports of services come one by one, and a policy may reach thousands: its status is worked out at most so often, not once for each.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the controller, which listens to the policies and to what is reported of them.</summary>
    public Controller BuildController(RuntimeMetrics metrics, IEnumerable<IReconcileObserver> observers, ILogger<Controller> logger)
    {
        var controller = new ControllerBuilder(type.Plural).WithWorkers(1).For(policies, Changes.OfDeclaration).Build(this, metrics, observers, time, logger);
        ledger.Reported += concerned =>
        {
            foreach (var policy in concerned.Where(policy => policy.Kind == type.Kind))
            {
                controller.Queue.AddAfter(policy.Key, Gather);
            }
        };
        return controller;
    }

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (policies.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } policy)
        {
            return ReconcileResult.Done;
        }

        var reached = PolicyReach.Of(caches, policy).Select(service => (service.Metadata.Key, ledger.Find(service.Metadata.Key))).ToList();
        var status = PolicyStatusPlanner.Plan(policy, new(type.Kind, request.Key), caches.Policies.ProblemsOf(policy), reached, time.GetUtcNow());
        await statusWriter.WriteAsync(type, policy, status, cancellationToken);
        return ReconcileResult.Done;
    }
}
