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
            await Task.Delay(Random.Shared.Next(100, 3000), cancellationToken);
            victim.Kill();
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
}
