using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Controllers.ReplicaSets;

namespace LocalCluster.Tests.Controllers;

public sealed class PodExpectationsTests
{
    private const string Owner = "set-uid";

    private readonly TestClock _clock = new();
    private readonly PodExpectations _expectations;

    public PodExpectationsTests() => _expectations = new PodExpectations(_clock);

    [Fact]
    public void Nothing_is_done_before_all_that_was_asked_for_is_seen()
    {
        _expectations.ExpectCreations(Owner, 2);
        _expectations.ExpectDeletions(Owner, ["a"]);
        Assert.False(_expectations.AreMet(Owner));
        Assert.True(_expectations.AreMet("another"));

        _expectations.CreationsSettled(Owner, 1);
        _expectations.DeletionSettled(Owner, "a");
        Assert.False(_expectations.AreMet(Owner));

        _expectations.CreationsSettled(Owner, 1);
        Assert.True(_expectations.AreMet(Owner));
    }

    [Fact]
    public void A_pod_that_is_seen_to_leave_twice_counts_once()
    {
        _expectations.ExpectDeletions(Owner, ["a", "b"]);

        _expectations.DeletionSettled(Owner, "a");
        _expectations.DeletionSettled(Owner, "a");

        Assert.False(_expectations.AreMet(Owner));
    }

    [Fact]
    public void What_does_not_come_in_five_minutes_is_not_waited_for()
    {
        _expectations.ExpectCreations(Owner, 1);

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(_expectations.AreMet(Owner));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_expectations.AreMet(Owner));
    }
}
