using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts;

/// <summary>What the schema of a rollout can't say; each problem names its field.</summary>
public sealed class RolloutValidatorTests : IDisposable
{
    private readonly KnownFleet _fleet = new();

    public RolloutValidatorTests()
    {
        _fleet.Declare(Service("order"));
        _fleet.Declare(Service("payment"));
    }

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void A_rollout_of_services_with_workloads_of_their_own_has_no_problem() => Assert.Empty(Check(Rollout("order", "payment")));

    [Fact]
    public void A_member_that_is_not_declared_is_named() =>
        Assert.Equal(["MemberNotFound spec.members[1].service: there is no ManagedService shop/cart"], Check(Rollout("order", "cart")));

    [Fact]
    public void A_member_that_adopts_what_others_run_can_have_no_canary()
    {
        _fleet.Declare(Service("old") with { Spec = new() { WorkloadRef = new() { Kind = "Deployment", Name = "old" } } });

        Assert.StartsWith("MemberNotFound spec.members[0].service: ManagedService shop/old adopts a workload", Assert.Single(Check(Rollout("old"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_whose_selector_would_find_the_canary_as_well_is_refused()
    {
        _fleet.Declare(Service("taken") is var taken ? taken with { Spec = taken.Spec with { Workload = taken.Spec.Workload! with { Selector = new Dictionary<string, string> { ["app"] = "taken" } } } } : null!);

        Assert.Contains("spec.workload.selector", Assert.Single(Check(Rollout("taken"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_another_rollout_moves_is_left_to_the_older_one()
    {
        var older = Rollout("order") with { Metadata = new() { Namespace = "shop", Name = "older", Uid = "older", ResourceVersion = "1", CreationTimestamp = DateTimeOffset.UnixEpoch } };
        _fleet.Caches.Rollouts.Cache.Upsert(older);

        Assert.Equal(["Conflict spec.members[0].service: CanaryRollout older, which is older, moves order"], Check(Rollout("order")));
        Assert.Empty(Check(older));
    }

    [Fact]
    public void A_group_whose_services_depend_on_each_other_in_a_circle_has_none_to_promote_first()
    {
        _fleet.Declare(Service("order", "payment"));
        _fleet.Declare(Service("payment", "order"));

        Assert.All(Check(Rollout("order", "payment")), static problem => Assert.Matches(@"^Invalid spec\.members\[[01]\]\.service: the services of the group depend on each other in a circle", problem));
        Assert.Equal(2, Check(Rollout("order", "payment")).Count);
        Assert.Empty(Check(Rollout("order"))); // alone it can be
    }

    [Fact]
    public void Steps_that_never_give_all_requests_or_go_on_after_that_are_named()
    {
        Assert.Equal(["Invalid spec.steps: the last weight is 100, or the rollout would never end"], Check(Rollout("order") with { Spec = Spec("order", new RolloutStep { Pause = new() }) }));
        Assert.Equal(["Invalid spec.steps[1].setWeight: the last weight is 100, or the rollout would never end"], Check(Rollout("order") with { Spec = Spec("order", new RolloutStep { SetWeight = 100 }, new RolloutStep { SetWeight = 50 }) }));
        Assert.Equal(["Invalid spec.steps[1]: nothing is left to do after weight 100: put pauses and analyses before it"], Check(Rollout("order") with { Spec = Spec("order", new RolloutStep { SetWeight = 100 }, new RolloutStep { Pause = new() }) }));
    }

    private List<string> Check(CanaryRollout rollout) =>
        [.. new RolloutValidator(_fleet.Caches, _fleet.Graph).Check(rollout).Select(static problem => $"{problem.Reason} {problem.Field}: {problem.Message}")];

    private static CanaryRollout Rollout(params string[] services) => new()
    {
        Metadata = new() { Namespace = "shop", Name = "rollout", Uid = "uid", ResourceVersion = "1", CreationTimestamp = DateTimeOffset.UnixEpoch.AddDays(1) },
        Spec = new() { Members = [.. services.Select(static service => new RolloutMember { Service = service })], Steps = [new() { SetWeight = 100 }] },
    };

    private static CanaryRolloutSpec Spec(string service, params RolloutStep[] steps) => new() { Members = [new() { Service = service }], Steps = steps };

    private static ManagedService Service(string name, params string[] dependsOn) => new()
    {
        Metadata = new() { Namespace = "shop", Name = name },
        Spec = new() { Workload = new() { Image = $"fleet/{name}:1.0.0" }, DependsOn = [.. dependsOn.Select(static other => new ServiceDependency { Name = other })] },
    };
}
