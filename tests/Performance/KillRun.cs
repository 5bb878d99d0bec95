using ControlPlane.Kubernetes.Resources;

namespace Performance;

/// <summary>Kills the operator again and again while it converges, then lets it finish and counts what there is.</summary>
internal static class KillRun
{
    public static async Task RunAsync(MeasuredCluster cluster, int size, int kills, CancellationToken cancellationToken)
    {
        var ns = $"kills-{Guid.NewGuid().ToString("N")[..6]}";
        await cluster.DeclareAsync(ns, size, cancellationToken);
        for (var i = 0; i < kills; i++)
        {
            await using var victim = OperatorProcess.StartOperators(cluster.Kubeconfig!);
            await victim.WaitUntilReadyAsync(cancellationToken);
            var leads = await WaitUntilItWritesAsync(victim, size, cancellationToken);
            await Task.Delay(Random.Shared.Next(0, 2000), cancellationToken);
            var writes = leads ? await victim.MetricAsync("applier_writes_total", cancellationToken) : 0;
            victim.Kill();
            MeasuredRun.Say($"kill {i + 1}", leads ? $"after {writes:0} writes" : "after it found nothing left to write");
        }

        await using var survivor = OperatorProcess.StartOperators(cluster.Kubeconfig!);
        await Convergence.WaitAsync(cluster, ns, size, cancellationToken);
        MeasuredRun.Say($"{size} services, killed {kills} times", "converged");

        var services = (await cluster.ListAsync<ManagedService>(ManagedService.ResourceType, ns, cancellationToken)).ToDictionary(service => service.Metadata.Uid!);
        foreach (var type in MeasuredFleet.OwnedKinds)
        {
            var objects = (await cluster.ListAsync<MeasuredCluster.Named>(type, ns, cancellationToken)).Where(o => o.Metadata.Labels.ContainsKey(FleetApi.InventoryLabel)).ToList();
            var orphans = objects.Count(o => o.Metadata.ControllerOwner is not { } owner || !services.ContainsKey(owner.Uid));
            var verdict = objects.Count == size && orphans == 0 ? "as it should be" : "WRONG";
            MeasuredRun.Say($"  {type.Kind}", $"{objects.Count} of {size}", $"{orphans} orphans", verdict);
        }

        await cluster.CleanAsync(ns, cancellationToken);
    }

    /// <summary>
    /// A process whose predecessor was killed leads only after the Lease has run out: killed before that, it would have done nothing to be
    /// interrupted in. False when the fleet turned out to be converged.
    /// </summary>
    private static async Task<bool> WaitUntilItWritesAsync(OperatorProcess process, int size, CancellationToken cancellationToken)
    {
        while (await process.MetricAsync("applier_writes_total", cancellationToken) == 0)
        {
            if (await process.MetricAsync("controller_runtime_reconcile_total", cancellationToken, "result=\"success\"") >= size)
            {
                return false;
            }

            await Task.Delay(20, cancellationToken);
        }

        return true;
    }
}
