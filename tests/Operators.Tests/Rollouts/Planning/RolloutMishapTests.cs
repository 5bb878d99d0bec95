using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Planning;

namespace Operators.Tests.Rollouts.Planning;

/// <summary>What may happen to a rollout from outside: each has a defined end (the table of docs/rollouts.md).</summary>
public sealed class RolloutMishapTests
{
    private readonly SimulatedRollout _rollout = new(new()
    {
        Members = [new() { Service = "order" }, new() { Service = "payment" }],
        Steps = [new() { SetWeight = 10 }, new() { SetWeight = 50 }, new() { SetWeight = 100 }],
    });

    [Fact]
    public void A_canary_that_can_not_start_is_rolled_back_and_named()
    {
        _rollout.Declare("v2");
        _rollout.Step();
        _rollout.Problem = "CrashLoopBackOff";
        _rollout.Step();

        Assert.Equal("order: CrashLoopBackOff", _rollout.Status!.Decisions[0].Message);
    }

    [Fact]
    public void What_is_declared_half_way_begins_anew()
    {
        _rollout.StartCanary();

        _rollout.Declare("v3");
        _rollout.Step();

        Assert.Equal(("v3+v3", 0, 0), (_rollout.Status!.CanaryRevision, _rollout.Weight, _rollout.Status.Step!.Index));
    }

    [Fact]
    public void A_declaration_that_is_taken_back_is_no_failure()
    {
        _rollout.StartCanary();

        _rollout.Declare("v1");
        _rollout.Step();

        Assert.Equal((RolloutPhase.Healthy, 0), (_rollout.Status!.Phase, _rollout.Weight));
        Assert.Empty(_rollout.Status.FailedRevisions);
    }

    [Fact]
    public void A_source_of_evidence_that_stays_away_is_waited_for_and_then_rolled_back()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.AwaySince = _rollout.Now;
        _rollout.Step();
        Assert.Equal((RolloutPhase.Paused, 0), (_rollout.Status!.Phase, _rollout.Status.Step!.Index));
        _rollout.Now += TimeSpan.FromMinutes(5);

        _rollout.Step();

        Assert.Equal(RolloutPhase.Degraded, _rollout.Status.Phase);
    }

    [Fact]
    public void A_rollout_that_can_not_be_followed_any_more_takes_its_requests_back()
    {
        _rollout.StartCanary();

        _rollout.Stop("spec.members[1].service: there is no ManagedService shop/payment");

        Assert.Equal((RolloutPhase.Degraded, 0), (_rollout.Status!.Phase, _rollout.Weight));
    }

    [Fact]
    public void Steps_that_are_taken_out_half_way_leave_those_of_now()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Step();
        Assert.Equal(1, _rollout.Status!.Step!.Index);

        _rollout.Spec = _rollout.Spec with { Steps = [new() { SetWeight = 100 }] };
        _rollout.Evidence = (RolloutVerdict.Pass, "well");
        _rollout.Run();

        Assert.Equal((RolloutPhase.Healthy, "v2+v2"), (_rollout.Status.Phase, _rollout.Running));
    }

    [Fact]
    public void A_member_that_is_taken_out_half_way_makes_it_another_rollout_that_begins_anew()
    {
        _rollout.StartCanary();

        _rollout.Spec = _rollout.Spec with { Members = [new() { Service = "order" }] };
        _rollout.Step();

        Assert.Equal(("v2", 0, "order"), (_rollout.Status!.CanaryRevision, _rollout.Status.Step!.Index, Assert.Single(_rollout.Members).Service));
    }

    [Fact]
    public void A_node_that_is_lost_keeps_the_next_weight_waiting_until_instances_are_there_again()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Step();
        _rollout.BecomeReady();
        _rollout.LoseNode();

        _rollout.Step();
        Assert.Equal((RolloutPhase.Progressing, 10), (_rollout.Status!.Phase, _rollout.Weight));

        _rollout.BecomeReady();
        _rollout.Step();
        Assert.Equal(50, _rollout.Weight);
    }

    [Fact]
    public void A_node_that_does_not_come_back_takes_the_canary_back_at_the_deadline()
    {
        _rollout.StartCanary();
        _rollout.Request(1000);
        _rollout.Step();
        _rollout.BecomeReady();
        _rollout.LoseNode();
        _rollout.Step();
        _rollout.Now += TimeSpan.FromMinutes(10);

        _rollout.Step();

        Assert.Equal((RolloutPhase.Degraded, 0), (_rollout.Status!.Phase, _rollout.Weight));
        Assert.Contains("instances of the canary are ready", _rollout.Status.Decisions[0].Message, StringComparison.Ordinal);
    }
}
