using ControlPlane.Api.Notifications;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Tests.Notifications;

public sealed class RolloutNoticesTests
{
    [Fact]
    public void What_a_person_cares_for_is_told_and_each_step_is_not() => Assert.Equal(
        [NotificationEvent.Overridden, NotificationEvent.RolledBack, NotificationEvent.Promoted, NotificationEvent.Started],
        Told(Rollout.OnItsWay().With(static status => status with { Decisions = [.. Decisions("Overridden", "RolledBack", "Promoted", "Promoting", "StepDone", "Retried", "Started")] })));

    [Fact]
    public void An_approval_that_is_waited_for_is_told_and_so_is_a_hold_whatever_it_says_by_now()
    {
        var waiting = Rollout.OnItsWay(2, RolloutPhase.Paused);
        Assert.Equal([NotificationEvent.Started, NotificationEvent.WaitsForApproval], Told(waiting));

        var held = waiting.With(static status => status with { Holds = [new() { Type = "Incident", Message = "INC-7 is open for 3 min" }] });
        Assert.Equal([NotificationEvent.Started, NotificationEvent.Held], Told(held));
        Assert.DoesNotContain("INC-7", Last(held).ToString(), StringComparison.Ordinal);
        Assert.Equal(Last(held).Key, Last(held.With(static status => status with { Holds = [new() { Type = "Incident", Message = "INC-7 is open for 4 min" }] })).Key);
        Assert.Equal([NotificationEvent.Started], Told(held.With(static status => status with { Step = status.Step! with { OverridesHolds = true } }).With(static status => status with { Phase = RolloutPhase.Progressing })));
    }

    [Fact]
    public void The_same_has_the_same_key_and_something_else_another()
    {
        var rollout = Rollout.OnItsWay();

        Assert.Equal(Last(rollout).Key, Last(rollout.With(static status => status with { Weight = 50, Phase = RolloutPhase.Paused })).Key);
        Assert.NotEqual(Last(rollout).Key, Last(rollout.With(static status => status with { Decisions = [status.Decisions[0] with { At = Rollout.Now }] })).Key);
        Assert.NotEqual(Last(rollout).Key, Last(rollout with { Metadata = rollout.Metadata with { Uid = "another" } }).Key);
    }

    [Fact]
    public void The_words_of_people_stay_at_home()
    {
        var asked = Rollout.OnItsWay()
            .Declaring(static spec => spec with { Command = new() { Id = "c1", Revision = "r2", Type = RolloutCommandType.Abort, Reason = "Ravi, 98450 00000, says carts are lost" } })
            .With(static status => status with { Decisions = [new() { At = Rollout.Now, Revision = "r2", Type = "RolledBack", Message = "Ravi, 98450 00000, says carts are lost" }] });

        Assert.DoesNotContain("Ravi", Last(asked).ToString(), StringComparison.Ordinal);
        var byOne = asked.Declaring(static spec => spec with { Command = null }).With(static status => status with { Decisions = [status.Decisions[0] with { By = "u_7" }] });
        Assert.Equal(("u_7", false), (Last(byOne).By, Last(byOne).ToString().Contains("Ravi", StringComparison.Ordinal)));
    }

    private static IEnumerable<NotificationEvent> Told(CanaryRollout rollout) => RolloutNotices.Of(rollout).Select(static notice => notice.Event);

    private static Notification Last(CanaryRollout rollout) => RolloutNotices.Of(rollout)[^1];

    private static IEnumerable<RolloutDecision> Decisions(params IEnumerable<string> types) =>
        types.Select(static (type, index) => new RolloutDecision { At = Rollout.Now.AddMinutes(-index), Revision = "r2", Type = type, Message = "why" });
}
