using k8s.Models;
using LocalCluster.Controllers.Autoscaling;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class AutoscalerPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 3, "Current number of replicas below Spec.MinReplicas")]
    [InlineData(11, 10, "Current number of replicas above Spec.MaxReplicas")]
    public void A_target_beyond_the_bounds_is_brought_back_to_them(int current, int wanted, string reason)
    {
        var plan = AutoscalerPlanner.Plan(Autoscaler(), current, Now);

        Assert.Equal((wanted, reason), (plan.Replicas, plan.Reason));
        Assert.Equal(("True", "SucceededRescale"), Condition(plan, "AbleToScale"));
        Assert.Equal((current, wanted, Now), (plan.Status.CurrentReplicas, plan.Status.DesiredReplicas, plan.Status.LastScaleTime));
    }

    [Fact]
    public void Within_the_bounds_it_says_that_there_are_no_metrics_to_scale_by()
    {
        var plan = AutoscalerPlanner.Plan(Autoscaler(), 5, Now);

        Assert.Null(plan.Replicas);
        Assert.Equal(("False", "FailedGetResourceMetric"), Condition(plan, "ScalingActive"));
        Assert.Equal(5, plan.Status.CurrentReplicas);
        Assert.Equal("FailedGetResourceMetric", plan.Problem!.Reason);
    }

    [Fact]
    public void What_was_said_already_is_neither_written_nor_told_again()
    {
        var first = AutoscalerPlanner.Plan(Autoscaler(), 5, Now);

        var second = AutoscalerPlanner.Plan(Autoscaler() with { Status = first.Status }, 5, Now.AddMinutes(1));

        Assert.Null(second.Problem);
        Assert.Null(ObjectWriter.StatusDiff(first.Status, second.Status));
    }

    [Fact]
    public void A_target_that_somebody_scaled_to_zero_stays_there()
    {
        var plan = AutoscalerPlanner.Plan(Autoscaler(), 0, Now);

        Assert.Null(plan.Replicas);
        Assert.Equal(("False", "ScalingDisabled"), Condition(plan, "ScalingActive"));
    }

    [Fact]
    public void A_target_that_is_not_there_is_named()
    {
        var plan = AutoscalerPlanner.Plan(Autoscaler(), current: null, Now);

        Assert.Equal(("False", "FailedGetScale"), Condition(plan, "AbleToScale"));
        Assert.Equal("deployments.apps \"web\" not found", plan.Problem!.Message);
    }

    private static (string? Status, string? Reason) Condition(AutoscalerPlan plan, string type) =>
        plan.Status.Conditions.Find(type) is { } found ? (found.Status, found.Reason) : (null, null);

    private static HorizontalPodAutoscaler Autoscaler() => new()
    {
        Spec = new HorizontalPodAutoscalerSpec
        {
            ScaleTargetRef = new V2CrossVersionObjectReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = "web" },
            MinReplicas = 3,
            MaxReplicas = 10,
            Metrics = [new V2MetricSpec { Type = "Resource", Resource = new V2ResourceMetricSource { Name = "cpu" } }],
        },
    };
}
