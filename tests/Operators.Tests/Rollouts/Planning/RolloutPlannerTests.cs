using ControlPlane.Kubernetes.Resources.Rollouts;
using CsCheck;
using Operators.Rollouts.Planning;

namespace Operators.Tests.Rollouts.Planning;

public sealed class RolloutPlannerTests
{
    private static readonly CanaryRolloutSpec Spec = new()
    {
        Members = [new() { Service = "order" }, new() { Service = "payment" }],
        Steps = [new() { SetWeight = 10 }, new() { Pause = new() { Duration = "5m" } }, new() { Analysis = new() }, new() { SetWeight = 50 }, new() { Pause = new() }, new() { SetWeight = 100 }],
    };

    private readonly SimulatedRollout _rollout = new(Spec);

    [Fact]
    public void What_users_have_and_what_is_declared_are_one_at_first()
    {
        _rollout.Step();

        Assert.Equal((RolloutPhase.Healthy, "v1+v1", null), (_rollout.Status!.Phase, _rollout.Status.StableRevision, _rollout.Plan.LookAgain));
    }

    [Fact]
    public void The_first_deployment_is_direct()
    {
        _rollout.Forget("payment");

        _rollout.Step();

        Assert.All(_rollout.Members, static member => Assert.Equal((member.Declared, 0), (member.Stable, member.CanaryInstances)));
        Assert.Equal("v1+v1", _rollout.Running);
        _rollout.Step();
        _rollout.Step();
        Assert.Equal((RolloutPhase.Healthy, "Deployed"), (_rollout.Status!.Phase, _rollout.Status.Decisions[0].Type));
    }

    [Fact]
    public void Instances_come_before_their_share_of_the_requests()
    {
        _rollout.Declare("v2");

        _rollout.Step();
        Assert.Equal((0, 1), (_rollout.Weight, _rollout.Members[0].CanaryInstances));
        _rollout.Step();
        Assert.Equal(0, _rollout.Weight);
        _rollout.BecomeReady();
        _rollout.Step();
        Assert.Equal(10, _rollout.Weight);
    }

    [Fact]
    public void A_weight_counts_when_the_traffic_shows_it()
    {
        _rollout.StartCanary();
        _rollout.Split = new(0, 500); // accepted, and not programmed
        _rollout.Step();
        Assert.Equal(0, _rollout.Status!.Step!.Index);

        _rollout.Split = new(52, 500);
        _rollout.Step();

        Assert.Equal(1, _rollout.Status.Step.Index);
    }

    [Fact]
    public void A_weight_that_never_shows_is_rolled_back_at_the_deadline()
    {
        _rollout.StartCanary();
        _rollout.Split = new(0, 500);
        _rollout.Now += TimeSpan.FromMinutes(11);

        _rollout.Step();

        Assert.Equal((RolloutPhase.Degraded, 0), (_rollout.Status!.Phase, _rollout.Weight));
        Assert.Contains("0 of 500 requests", _rollout.Status.Decisions[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_version_is_promoted_once_a_person_approves()
    {
        _rollout.Evidence = (RolloutVerdict.Pass, "well");
        _rollout.Declare("v2");
        _rollout.Run();
        Assert.Equal((RolloutPhase.Paused, 50), (_rollout.Status!.Phase, _rollout.Weight));

        _rollout.Spec = Spec with { Command = new() { Id = "1", Revision = "v2+v2", Type = RolloutCommandType.Promote } };
        _rollout.Run();

        Assert.Equal((RolloutPhase.Healthy, "v2+v2", "v2+v2"), (_rollout.Status.Phase, _rollout.Status.StableRevision, _rollout.Running));
        Assert.Equal(["Promoted", "Promoting", "StepDone", "StepDone", "StepDone", "StepDone", "StepDone", "Started", "Deployed"], _rollout.Status.Decisions.Select(static decision => decision.Type));
    }

    [Fact]
    public void Members_are_promoted_one_after_the_other()
    {
        _rollout.Evidence = (RolloutVerdict.Pass, "well");
        _rollout.Declare("v2");
        _rollout.Spec = Spec with { Command = new() { Id = "1", Revision = "v2+v2", Type = RolloutCommandType.PromoteFully } };
        _rollout.Step();
        for (var pass = 0; pass < 20 && _rollout.Status!.Phase != RolloutPhase.Promoting; pass++)
        {
            _rollout.BecomeReady();
            _rollout.Request(1000);
            _rollout.Step();
        }

        Assert.Equal([true, false], _rollout.Members.Select(static member => member.Stable == member.Declared));
        _rollout.BecomeReady();
        _rollout.Step();
        Assert.Equal([true, true], _rollout.Members.Select(static member => member.Stable == member.Declared));
    }

    [Fact]
    public void A_command_for_another_revision_is_not_done()
    {
        _rollout.Evidence = (RolloutVerdict.Pass, "well");
        _rollout.Declare("v2");
        _rollout.Spec = Spec with { Command = new() { Id = "1", Revision = "v1+v2", Type = RolloutCommandType.PromoteFully } };

        _rollout.Run();

        Assert.Equal((RolloutPhase.Paused, null), (_rollout.Status!.Phase, _rollout.Status.LastCommand));
    }

    [Fact]
    public void Evidence_against_it_takes_all_requests_back_in_one_pass()
    {
        _rollout.StartCanary();
        _rollout.Evidence = (RolloutVerdict.Fail, "errors: 6 of 100 against 4 of 900");

        _rollout.Step();

        Assert.Equal((RolloutPhase.Degraded, 0, "v1+v1"), (_rollout.Status!.Phase, _rollout.Weight, _rollout.Running));
        Assert.Equal(1, _rollout.Members[0].CanaryInstances); // it ends what it has
        _rollout.Now += TimeSpan.FromMinutes(1);
        _rollout.Step();
        Assert.Equal(0, _rollout.Members[0].CanaryInstances);
    }

    [Fact]
    public void A_revision_that_failed_is_not_tried_again_until_somebody_asks()
    {
        A_revision_fails();
        _rollout.Run();
        Assert.Equal((RolloutPhase.Degraded, "v1+v1"), (_rollout.Status!.Phase, _rollout.Running));

        (_rollout.Problem, _rollout.Spec) = (null, Spec with { Command = new() { Id = "again", Revision = "v2+v2", Type = RolloutCommandType.Retry } });
        _rollout.Step();

        Assert.Equal("v2+v2", _rollout.Status.CanaryRevision);
    }

    [Fact]
    public void A_hold_stops_the_line_and_not_the_way_back()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Holds.Add("incident 7 is open");
        _rollout.Now += TimeSpan.FromHours(3);
        _rollout.Step();
        Assert.Equal((RolloutPhase.Paused, 0), (_rollout.Status!.Phase, _rollout.Status.Step!.Index));

        _rollout.Evidence = (RolloutVerdict.Fail, "errors");
        _rollout.Step();

        Assert.Equal(RolloutPhase.Degraded, _rollout.Status.Phase);
    }

    [Fact]
    public void The_deadline_counts_from_the_end_of_a_hold()
    {
        _rollout.StartCanary();
        _rollout.Holds.Add("freeze");
        _rollout.Step();
        _rollout.Now += TimeSpan.FromHours(3);
        _rollout.Holds.Clear();

        _rollout.Step();

        Assert.Equal(RolloutPhase.Progressing, _rollout.Status!.Phase);
    }

    [Theory]
    [InlineData(WithoutData.RollBack, RolloutPhase.Degraded)]
    [InlineData(WithoutData.Wait, RolloutPhase.Paused)]
    [InlineData(WithoutData.Continue, RolloutPhase.Progressing)]
    public void Without_data_the_declaration_says_what_becomes_of_it(WithoutData without, RolloutPhase phase)
    {
        _rollout.Spec = Spec with { Steps = [new() { SetWeight = 10 }, new() { Analysis = new() { AtMost = "10m" } }, new() { SetWeight = 100 }], Analysis = new() { WhenNotEnoughData = without } };
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Step();
        _rollout.Now += TimeSpan.FromMinutes(10);

        _rollout.Step();

        Assert.Equal(phase, _rollout.Status!.Phase);
    }

    [Fact]
    public void Waiting_writes_nothing()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Step();
        _rollout.Step();
        var before = _rollout.Status;
        _rollout.Now += TimeSpan.FromMinutes(1);

        _rollout.Step();

        Assert.Equal(before!.Step, _rollout.Status!.Step);
        Assert.Same(before.Decisions, _rollout.Status.Decisions);
    }

    [Fact]
    public void A_rollback_by_steps_goes_through_the_weights_before()
    {
        _rollout.Spec = Spec with { Rollback = new() { Pace = RollbackPace.BySteps }, Steps = [new() { SetWeight = 10 }, new() { SetWeight = 50 }, new() { SetWeight = 100 }] };
        _rollout.StartCanary();
        for (var pass = 0; _rollout.Weight < 50; pass++)
        {
            Assert.InRange(pass, 0, 10);
            _rollout.Request(1000);
            _rollout.BecomeReady();
            _rollout.Step();
        }

        _rollout.Evidence = (RolloutVerdict.Fail, "errors");
        _rollout.Step();
        Assert.Equal((RolloutPhase.RollingBack, 50), (_rollout.Status!.Phase, _rollout.Weight));
        _rollout.Request(1000);
        _rollout.Step();
        Assert.Equal(10, _rollout.Weight);
        _rollout.Now += MemberMoves.Drain; // too few requests to show it: it goes on all the same
        _rollout.Step();

        Assert.Equal((RolloutPhase.Degraded, 0), (_rollout.Status.Phase, _rollout.Weight));
        Assert.Single(_rollout.Status.Decisions, static decision => decision.Type == "RolledBack");
    }

    [Fact]
    public void Back_to_a_revision_that_proved_good_needs_no_steps()
    {
        _rollout.Evidence = (RolloutVerdict.Pass, "well");
        _rollout.Declare("v2");
        _rollout.Spec = Spec with { Command = new() { Id = "1", Revision = "v2+v2", Type = RolloutCommandType.PromoteFully } };
        _rollout.Run();
        Assert.Equal("v2+v2", _rollout.Status!.StableRevision);

        _rollout.Declare("v1");
        _rollout.Step();
        Assert.Equal((RolloutPhase.Promoting, 0, 0), (_rollout.Status.Phase, _rollout.Weight, _rollout.Members[0].CanaryInstances));
        _rollout.Run();

        Assert.Equal((RolloutPhase.Healthy, "v1+v1", "v1+v1"), (_rollout.Status.Phase, _rollout.Status.StableRevision, _rollout.Running));
    }

    [Fact]
    public void A_person_who_overrides_a_hold_is_on_record()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Holds.Add("freeze");
        _rollout.Step();
        _rollout.Spec = Spec with { Command = new() { Id = "1", Revision = "v2+v2", Type = RolloutCommandType.OverrideHolds, Reason = "a payment bug", By = "asha" } };

        _rollout.Step();

        Assert.Equal(1, _rollout.Status!.Step!.Index);
        Assert.Contains(_rollout.Status.Decisions, static decision => decision is { Type: "Overridden", By: "asha", Message: "a payment bug" });
    }

    [Theory]
    [InlineData(RolloutCommandType.Promote)]
    [InlineData(RolloutCommandType.PromoteFully)]
    public void Who_promotes_during_a_hold_neither_breaks_it_nor_is_forgotten(RolloutCommandType type)
    {
        _rollout.Spec = Spec with { Steps = [new() { SetWeight = 10 }, new() { Pause = new() }, new() { SetWeight = 100 }] };
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Step();
        _rollout.Holds.Add("freeze");
        _rollout.Spec = _rollout.Spec with { Command = new() { Id = "1", Revision = "v2+v2", Type = type } };
        _rollout.Step();
        Assert.Equal((1, null), (_rollout.Status!.Step!.Index, _rollout.Status.LastCommand));

        _rollout.Holds.Clear();
        _rollout.Step();

        Assert.Equal((2, "1"), (_rollout.Status.Step!.Index, _rollout.Status.LastCommand));
    }

    [Fact]
    public void The_stable_version_keeps_its_size_while_the_canary_has_requests()
    {
        _rollout.StartCanary();

        Assert.All(_rollout.Members, static member => Assert.Equal(10, member.StableFloor));
    }

    [Fact]
    public void Matching_requests_go_to_the_canary_before_any_weight()
    {
        var match = new RolloutMatch { Headers = [new() { Name = "x-canary", Value = "yes" }] };
        _rollout.Spec = Spec with { Steps = [new() { SetMatch = match }, new() { SetMirror = 10 }, new() { Pause = new() }, new() { SetWeight = 100 }] };
        _rollout.Step();
        _rollout.Declare("v2");
        _rollout.Run(passes: 10);

        Assert.Equal((RolloutPhase.Paused, 0, 10, 2), (_rollout.Status!.Phase, _rollout.Weight, _rollout.Status.Mirror, _rollout.Status.Step!.Index));
        Assert.Equal(match.Headers, _rollout.Status.Match!.Headers);
        Assert.Equal(1, _rollout.CanaryInstances);
    }

    /// <summary>Whatever happens: weights fit the instances that are ready, users are carried, and once things go well or a person decides it ends.</summary>
    [Fact]
    public void Every_path_ends_and_users_are_carried_on_all_of_them() => Gen.Int[0, 11].Array[0, 60].Sample(happenings =>
    {
        var rollout = new SimulatedRollout(Spec) { Evidence = (RolloutVerdict.Pass, "well") };
        rollout.Step();
        for (var i = 0; i < happenings.Length; i++)
        {
            Happen(rollout, happenings[i], i);
            rollout.Step();

            Assert.InRange(rollout.Weight, 0, 100);
            Assert.True(rollout.IsCarried, $"after {i}: weight {rollout.Weight}, {rollout.CanaryInstances} instances of the canary");
        }

        rollout.Holds.Clear();
        (rollout.Problem, rollout.Spec) = (null, Spec with { Command = new() { Id = "last", Revision = rollout.Declared, Type = RolloutCommandType.PromoteFully } });
        rollout.Run(passes: 200);

        Assert.Contains(rollout.Status!.Phase, (IEnumerable<RolloutPhase>)[RolloutPhase.Healthy, RolloutPhase.Degraded]);
        Assert.Equal((0, rollout.Status.StableRevision), (rollout.Weight, rollout.Running));
    });

    private static void Happen(SimulatedRollout rollout, int what, int number)
    {
        switch (what)
        {
            case 0:
                rollout.Declare($"v{number % 4}");
                break;
            case 1:
                rollout.Declare($"v{number % 4}", "payment");
                break;
            case 2:
                rollout.Evidence = (RolloutVerdict.Fail, "bad");
                break;
            case 3:
                rollout.Evidence = (RolloutVerdict.Pass, "well");
                break;
            case 4:
                rollout.Now += TimeSpan.FromMinutes(7);
                break;
            case 5:
                rollout.Holds.Add("freeze");
                break;
            case 6:
                rollout.Holds.Clear();
                break;
            case 7:
                rollout.Spec = Spec with { Command = new() { Id = $"{number}", Revision = rollout.Declared, Type = (RolloutCommandType)(number % 4) } };
                break;
            case 8:
                rollout.Spec = Spec with { Rollback = new() { Pace = (RollbackPace)(number % 2) }, Steps = [new() { SetCanaryScale = 20 }, new() { SetWeight = 20 }, new() { SetWeight = 60 }, new() { SetWeight = 100 }] };
                break;
            default:
                rollout.BecomeReady();
                rollout.Request(500);
                break;
        }
    }

    private void A_revision_fails()
    {
        _rollout.Declare("v2");
        _rollout.Step();
        _rollout.Problem = "CrashLoopBackOff";
        _rollout.Step();
    }
}
