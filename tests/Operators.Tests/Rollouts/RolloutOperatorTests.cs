using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Status;
using Operators.Cluster;
using Operators.Rollouts.Revisions;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts;

/// <summary>Rollout operator and registry together against an API server: what planners can't show. Nobody runs pods there: the tests say what becomes of them.</summary>
public sealed class RolloutOperatorTests : IAsyncLifetime
{
    private const string Ready = """{"observedGeneration":99,"replicas":3,"updatedReplicas":3,"readyReplicas":3}""";
    private static readonly ObjectKey Order = Samples.Key("order");
    private static readonly ObjectKey Canary = Samples.Key("order-canary");

    private TestCluster? _cluster;
    private RunningOperators? _operators;

    private TestCluster Cluster => _cluster!;

    private FleetCaches Caches => _operators!.Caches;

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(withControllers: false);
        _operators = await RunningOperators.StartAsync(_cluster);
        await Cluster.ApplyAsync("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CanaryRollout
            metadata: {name: order, namespace: shop}
            spec:
              members: [{service: order}]
              steps: [{setWeight: 10}, {pause: {}}, {setWeight: 100}]
            ---
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: ManagedService
            metadata: {name: order, namespace: shop}
            spec: {owner: {team: orders}, workload: {image: 'fleet/order:1.0.0'}}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (_operators is not null)
        {
            await _operators.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_new_image_runs_beside_what_users_have()
    {
        await DeclareNextAsync();

        var canary = await WorkloadAsync(Canary);
        Assert.Equal("fleet/order:1.1.0", ImageOf(canary));
        Assert.Equal("fleet/order:1.0.0", ImageOf(await WorkloadAsync(Order)));
        Assert.Equal(0, (await RolloutAsync(static status => status.CanaryRevision is not null)).Status!.Weight); // none of its instances is ready yet

        await Cluster.ReportAsync(KnownResources.Deployments, Canary, """{"observedGeneration":99,"replicas":1,"updatedReplicas":1,"readyReplicas":1}""");

        var rollout = await RolloutAsync(static status => status.Weight == 10);
        Assert.Equal("order: fleet/order:1.1.0 is declared, and users have fleet/order:1.0.0", rollout.Status!.Conditions.Find(RolloutConditions.Synced)!.Message);
    }

    [Fact]
    public async Task A_canary_that_can_not_start_is_taken_away_and_what_users_have_stays()
    {
        await DeclareNextAsync();
        var revision = (await WorkloadAsync(Canary)).Metadata.Annotations[WorkloadRevision.Mark];

        await Cluster.ApplyAsync("""
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: order-canary-1, namespace: shop}
            spec: {selector: {matchLabels: {of: canary}}, template: {metadata: {labels: {of: canary}}, spec: {containers: [{name: order, image: 'fleet/order:1.1.0'}]}}}
            """);
        var owner = await Cluster.GetAsync(KnownResources.ReplicaSets, Samples.Key("order-canary-1"));
        await Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: order-canary-1-a
              namespace: shop
              labels: {pod-template-hash: '1', {{WorkloadRevision.Mark}}: {{revision}} }
              ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: order-canary-1, uid: {{owner["metadata"]!["uid"]}}, controller: true}]
            spec: {containers: [{name: order, image: 'fleet/order:1.1.0'}]}
            """);
        await Cluster.ReportAsync(KnownResources.Deployments, Canary, """{"observedGeneration":99,"replicas":1,"updatedReplicas":1}""");
        await Cluster.ReportAsync(KnownResources.Pods, Samples.Key("order-canary-1-a"), """
            {"phase":"Pending","containerStatuses":[{"name":"order","image":"x","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}}]}
            """);

        var rollout = await RolloutAsync(static status => status.Phase == RolloutPhase.Degraded);
        Assert.Contains("ImagePullBackOff (no such image)", rollout.Status!.Decisions[0].Message, StringComparison.Ordinal);
        await Caches.UntilAsync(() => Find(Canary) is null ? "gone" : null, () => "the canary is there");
        Assert.Equal("fleet/order:1.0.0", ImageOf(await WorkloadAsync(Order)));
    }

    [Fact]
    public async Task What_users_have_outlives_the_operator()
    {
        await DeclareNextAsync();
        await WorkloadAsync(Canary);
        await _operators!.DisposeAsync();

        _operators = await RunningOperators.StartAsync(Cluster);
        await _operators.ReconcileAsync(Order);

        Assert.Equal(("fleet/order:1.0.0", "fleet/order:1.1.0"), (ImageOf(await WorkloadAsync(Order)), ImageOf(await WorkloadAsync(Canary))));
    }

    [Fact]
    public async Task Without_its_rollout_a_service_runs_what_is_declared()
    {
        await DeclareNextAsync();
        await WorkloadAsync(Canary);

        await Cluster.DeleteAsync(CanaryRollout.ResourceType, Order);

        await Caches.UntilAsync(() => Find(Order) is { } live && ImageOf(live) == "fleet/order:1.1.0" && Find(Canary) is null ? live : null, () => $"{ImageOf(Find(Order)!)}");
    }

    [Fact]
    public async Task Of_two_rollouts_of_one_service_the_younger_is_refused()
    {
        await RolloutAsync(static status => status.Phase == RolloutPhase.Progressing);

        await Cluster.ApplyAsync("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CanaryRollout
            metadata: {name: second, namespace: shop}
            spec: {members: [{service: order}], steps: [{setWeight: 100}]}
            """);

        var second = await Caches.UntilAsync(
            () => Caches.Rollouts.Cache.Find(Samples.Key("second")) is { Status: not null } refused ? refused : null, static () => "no status");
        var accepted = second.Status!.Conditions.Find(RolloutConditions.Accepted)!;
        Assert.Equal((ConditionStatus.False, RolloutConditions.Reasons.Conflict), (accepted.Status, accepted.Reason));
        Assert.StartsWith("spec.members[0].service", accepted.Message, StringComparison.Ordinal);
    }

    /// <summary>The first version runs, and the next is declared.</summary>
    private async Task DeclareNextAsync()
    {
        await WorkloadAsync(Order);
        await Cluster.PatchAsync(KnownResources.Deployments, Order, """{"spec":{"replicas":3}}""", manager: "kube-controller-manager");
        await Cluster.ReportAsync(KnownResources.Deployments, Order, Ready);
        await RolloutAsync(static status => status.Phase == RolloutPhase.Healthy);
        await Cluster.PatchAsync(ManagedService.ResourceType, Order, """{"spec":{"workload":{"image":"fleet/order:1.1.0"}}}""");
    }

    private Task<LiveObject> WorkloadAsync(ObjectKey key) => Caches.UntilAsync(() => Find(key), () => $"no Deployment {key}; {Caches.Rollouts.Cache.Find(Order)?.Status}");

    private Task<CanaryRollout> RolloutAsync(Func<CanaryRolloutStatus, bool> until) => Caches.UntilAsync(
        () => Caches.Rollouts.Cache.Find(Order) is { Status: { } status } rollout && until(status) ? rollout : null, () => $"{Caches.Rollouts.Cache.Find(Order)?.Status}");

    private LiveObject? Find(ObjectKey deployment) => Caches.Owned(KnownResources.Deployments).Cache.Find(deployment);

    private static string? ImageOf(LiveObject deployment) => (string?)deployment.ToJson(KnownResources.Deployments)["spec"]!["template"]!["spec"]!["containers"]![0]!["image"];
}
