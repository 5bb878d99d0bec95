using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts;

/// <summary>The API server goes away half-way, and comes back: nothing moves meanwhile, and nobody has to help it on.</summary>
public sealed class RolloutOutageTests : IDisposable
{
    private static readonly ObjectKey Order = Samples.Key("order");
    private static readonly ObjectKey Canary = Samples.Key("order-canary");

    private readonly string _directory = Directory.CreateTempSubdirectory("dabbawala-outage-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_rollout_goes_on_where_it_stood_once_the_api_server_is_back()
    {
        await using var cluster = await TestCluster.StartAsync(withControllers: false, _directory);
        await using var operators = await RunningOperators.StartAsync(cluster);
        var caches = operators.Caches;
        Task<CanaryRollout> RolloutAsync(Func<CanaryRolloutStatus, bool> until) => caches.UntilAsync(
            () => caches.Rollouts.Cache.Find(Order) is { Status: { } status } rollout && until(status) ? rollout : null, () => $"{caches.Rollouts.Cache.Find(Order)?.Status}");
        Task<LiveObject> WorkloadAsync(ObjectKey key) => caches.UntilAsync(() => caches.Owned(KnownResources.Deployments).Cache.Find(key), () => $"no Deployment {key}");

        await cluster.ApplyAsync("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CanaryRollout
            metadata: {name: order, namespace: shop}
            spec: {members: [{service: order}], steps: [{setWeight: 10}, {pause: {}}, {setWeight: 100}]}
            ---
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: ManagedService
            metadata: {name: order, namespace: shop}
            spec: {owner: {team: orders}, workload: {image: 'fleet/order:1.0.0'}}
            """);
        await WorkloadAsync(Order);
        await cluster.ReportAsync(KnownResources.Deployments, Order, """{"observedGeneration":99,"replicas":3,"updatedReplicas":3,"readyReplicas":3}""");
        await RolloutAsync(static status => status.Phase == RolloutPhase.Healthy);
        await cluster.PatchAsync(ManagedService.ResourceType, Order, """{"spec":{"workload":{"image":"fleet/order:1.1.0"}}}""");
        await WorkloadAsync(Canary);
        var before = await RolloutAsync(static status => status is { Phase: RolloutPhase.Progressing, Weight: 0 });

        var bringBack = await cluster.TakeAwayAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.GetAsync(CanaryRollout.ResourceType, Order)); // it is really gone
        await bringBack();

        await cluster.ReportAsync(KnownResources.Deployments, Canary, """{"observedGeneration":99,"replicas":1,"updatedReplicas":1,"readyReplicas":1}""");
        var after = await RolloutAsync(static status => status.Weight == 10);
        Assert.Equal(before.Status!.CanaryRevision, after.Status!.CanaryRevision);
        Assert.Equal(before.Status.Decisions, after.Status.Decisions);
    }
}
