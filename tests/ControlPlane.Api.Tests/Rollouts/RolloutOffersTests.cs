using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Tests.Rollouts;

public sealed class RolloutOffersTests
{
    [Fact]
    public void On_a_weight_there_is_nothing_to_promote_but_all_else_that_steers() =>
        Assert.Equal("PromoteFully Abort Pause", Offered(Rollout.OnItsWay()));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_check_and_a_pause_can_be_promoted(int step) =>
        Assert.Equal("Promote PromoteFully Abort Pause", Offered(Rollout.OnItsWay(step, RolloutPhase.Paused)));

    [Fact]
    public void What_is_held_is_overridden_before_it_is_promoted()
    {
        var held = Rollout.OnItsWay(2, RolloutPhase.Paused).With(static status => status with { Holds = [new() { Type = "Incident", Message = "INC-7 is open" }] });

        Assert.Equal("Abort OverrideHolds Pause", Offered(held));
        Assert.Equal("it is held: INC-7 is open", RolloutOffers.Objection(held, RolloutAction.PromoteFully));
        Assert.Equal("Promote PromoteFully Abort Pause", Offered(held.With(static status => status with { Step = status.Step! with { OverridesHolds = true } })));
    }

    [Fact]
    public void What_is_paused_is_resumed_before_it_is_promoted() =>
        Assert.Equal("Abort Resume", Offered(Rollout.OnItsWay(2, RolloutPhase.Paused).Declaring(static spec => spec with { Paused = true })));

    [Fact]
    public void What_is_being_taken_over_can_only_go_back() => Assert.Equal("Abort Pause", Offered(Rollout.OnItsWay(3, RolloutPhase.Promoting)));

    [Fact]
    public void What_is_on_its_way_back_is_left_alone() => Assert.Equal("Pause", Offered(Rollout.OnItsWay(1, RolloutPhase.RollingBack)));

    [Fact]
    public void What_failed_can_be_retried_and_what_rests_cannot()
    {
        Assert.Equal("Retry Pause", Offered(Rollout.Failed()));
        Assert.Equal("Pause", Offered(Rollout.Failed().With(static status => status with { Phase = RolloutPhase.Healthy, FailedRevisions = [] })));
    }

    [Fact]
    public void A_rollout_that_nobody_has_looked_at_yet_can_be_paused() => Assert.Equal("Pause", Offered(Rollout.OnItsWay() with { Status = null }));

    [Fact]
    public void While_a_command_is_not_done_only_going_back_may_take_its_place()
    {
        var asked = Rollout.OnItsWay(1, RolloutPhase.Paused).Declaring(static spec => spec with { Command = new() { Id = "c1", Revision = "r2", Type = RolloutCommandType.Promote } });

        Assert.Equal("Abort Pause", Offered(asked));
        Assert.Equal("Promote PromoteFully Abort Pause", Offered(asked.With(static status => status with { LastCommand = "c1" })));
        Assert.Equal("Promote PromoteFully Abort Pause", Offered(asked.Declaring(static spec => spec with { Command = spec.Command! with { Revision = "r0" } })));
        Assert.Equal("Pause", Offered(asked.Declaring(static spec => spec with { Command = spec.Command! with { Type = RolloutCommandType.Abort } })));
    }

    [Theory]
    [InlineData(RolloutCommandType.Promote, "Abort OverrideHolds Pause")]
    [InlineData(RolloutCommandType.PromoteFully, "Abort OverrideHolds Pause")]
    [InlineData(RolloutCommandType.OverrideHolds, "Abort Pause")]
    public void A_command_that_a_hold_overtook_does_not_keep_the_hold_from_being_overridden(RolloutCommandType asked, string offered) => Assert.Equal(offered, Offered(Rollout.OnItsWay(1, RolloutPhase.Paused)
        .Declaring(spec => spec with { Command = new() { Id = "c1", Revision = "r2", Type = asked } })
        .With(static status => status with { Holds = [new() { Type = "Freeze", Message = "a sale" }] })));

    [Fact]
    public void It_waits_for_an_approval_at_a_pause_without_an_end_that_nothing_else_stops()
    {
        var waiting = Rollout.OnItsWay(2, RolloutPhase.Paused);

        Assert.True(RolloutOffers.WaitsForApproval(waiting));
        Assert.False(RolloutOffers.WaitsForApproval(Rollout.OnItsWay(1, RolloutPhase.Paused)));
        Assert.False(RolloutOffers.WaitsForApproval(waiting.Declaring(static spec => spec with { Paused = true })));
        Assert.False(RolloutOffers.WaitsForApproval(waiting.With(static status => status with { Holds = [new() { Type = "Freeze", Message = "a sale" }] })));
        Assert.False(RolloutOffers.WaitsForApproval(waiting.Declaring(static spec => spec with { Steps = [.. spec.Steps.Select(static step => step.Pause is null ? step : new() { Pause = new() { Duration = "10m" } })] })));
    }

    private static string Offered(CanaryRollout rollout) => string.Join(' ', RolloutOffers.Of(rollout).Where(static offer => offer.Objection is null).Select(static offer => offer.Action));
}
