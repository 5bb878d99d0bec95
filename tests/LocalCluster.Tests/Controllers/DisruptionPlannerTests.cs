using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using LocalCluster.Controllers.Disruptions;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class DisruptionPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1", null, 5, 5, 1, 4)]
    [InlineData("100%", null, 5, 5, 5, 0)]
    [InlineData("50%", null, 5, 5, 3, 2)]
    [InlineData(null, "1", 5, 5, 4, 1)]
    [InlineData(null, "1", 5, 4, 4, 0)]
    [InlineData(null, "30%", 5, 5, 3, 2)]
    public void As_many_may_be_evicted_as_are_healthy_beyond_what_is_wanted(
        string? minAvailable, string? maxUnavailable, int scale, int ready, int desired, int allowed)
    {
        var budget = new PodDisruptionBudget { Spec = new PodDisruptionBudgetSpec { MinAvailable = Number(minAvailable), MaxUnavailable = Number(maxUnavailable) } };

        var status = DisruptionPlanner.Plan(budget, [.. Enumerable.Range(0, scale).Select(i => Pod(i, i < ready))], scale, Now);

        Assert.Equal((desired, allowed, ready, scale), (status.DesiredHealthy, status.DisruptionsAllowed, status.CurrentHealthy, status.ExpectedPods));
        Assert.Equal(allowed > 0 ? "SufficientPods" : "InsufficientPods", status.Conditions.Find("DisruptionAllowed")!.Reason);
    }

    [Fact]
    public void A_pod_whose_eviction_was_granted_counts_as_gone_for_two_minutes()
    {
        var granted = new PodDisruptionBudgetStatus { DisruptedPods = new Dictionary<string, DateTimeOffset> { ["pod-0"] = Now } };
        var budget = new PodDisruptionBudget { Spec = new PodDisruptionBudgetSpec { MaxUnavailable = 1 }, Status = granted };
        Pod[] pods = [Pod(0, ready: true), Pod(1, ready: true)];

        var before = DisruptionPlanner.Plan(budget, pods, 2, Now.AddMinutes(1));
        var after = DisruptionPlanner.Plan(budget, pods, 2, Now.AddMinutes(3));

        Assert.Equal((1, 0), (before.CurrentHealthy, before.DisruptionsAllowed));
        Assert.Equal(Now.AddMinutes(2), DisruptionPlanner.Recheck(before));
        Assert.Equal((2, 1), (after.CurrentHealthy, after.DisruptionsAllowed));
        Assert.Null(DisruptionPlanner.Recheck(after));
    }

    private static IntOrString? Number(string? text) => text is null ? null : (IntOrString)text;

    private static Pod Pod(int number, bool ready) => new()
    {
        Metadata = new ObjectMeta { Name = $"pod-{number}" },
        Status = new PodStatus { Conditions = [new StatusCondition { Type = PodConditionType.Ready, Status = ready ? ConditionStatus.True : ConditionStatus.False }] },
    };
}
