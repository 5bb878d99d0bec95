using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using Gateway.Metrics;
using Gateway.Planning;
using Gateway.Routing;

namespace Gateway.Hosting;

/// <summary>Plans what changed, swaps it in, follows with the sockets, and has the status of what is concerned written.</summary>
internal sealed class RoutingLoop(
    IReadOnlyList<IInformer> informers, ClusterCaches caches, PendingChanges changes, RoutingPlanner planner, RoutingTable table, SocketPool sockets, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Pause before sockets that could not be opened are tried again.</summary>
    private static readonly TimeSpan SocketRetry = TimeSpan.FromSeconds(5);

    private volatile RoutingPlan _plan = RoutingPlan.Empty;

    /// <summary>What is served now.</summary>
    public RoutingPlan Plan => _plan;

    /// <summary>Told of the plan before and after each change, once the sockets follow it.</summary>
    public Action<RoutingPlan, RoutingPlan>? Changed { get; set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Policies too: the first request must not slip past a limit.
        await Task.WhenAll(informers.Select(informer => informer.Synced)).WaitAsync(cancellationToken);
        changes.All();
        while (true)
        {
            await changes.WaitAsync(cancellationToken);
            await StepAsync(changes.Take(), cancellationToken);
        }
    }

    private async Task StepAsync(IReadOnlyCollection<ObjectKey>? routes, CancellationToken cancellationToken)
    {
        if (routes is { Count: 0 })
        {
            return; // taken with the last step
        }

        var (before, started) = (_plan, time.GetTimestamp());
        var plan = routes is null ? planner.Plan(caches) : planner.Replan(before, routes, caches);
        table.Swap(plan.Snapshot); // first: whoever sees the plan says in a status that it is served
        _plan = plan;
        metrics.Swapped(time.GetElapsedTime(started));
        if (!await sockets.FollowAsync(plan.Snapshot, cancellationToken))
        {
            _ = RetryAsync(cancellationToken);
        }

        Changed?.Invoke(before, plan);
    }

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(SocketRetry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        changes.All();
    }
}
