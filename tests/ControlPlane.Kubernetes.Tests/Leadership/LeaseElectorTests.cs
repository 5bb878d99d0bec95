using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Leadership;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Tests.Leadership;

public sealed class LeaseElectorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ModelApiServer _server = new();
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 11, 23, 10, 30, 0, 123, TimeSpan.Zero));

    private JsonObject Spec => _server.Store.Get(Candidate.LeasePath)["spec"]!.AsObject();

    [Fact]
    public void The_first_candidate_makes_the_lease_and_leads()
    {
        var a = Start("a");

        Assert.True(a.IsLeader && a.Works);
        Assert.Equal(
            """{"holderIdentity":"a","leaseDurationSeconds":15,"acquireTime":"2026-11-23T10:30:00.123000Z","renewTime":"2026-11-23T10:30:00.123000Z","leaseTransitions":0}""",
            Spec.ToJsonString());
    }

    [Fact]
    public void While_the_leader_renews_nobody_else_leads()
    {
        var (a, b) = (Start("a"), Start("b"));
        Pass(60 * Second);

        Assert.True(a.IsLeader && a.Works);
        Assert.False(b.IsLeader || b.Works);
        Assert.Equal("2026-11-23T10:30:00.123000Z", (string?)Spec["acquireTime"]);
        Assert.Equal("2026-11-23T10:31:00.123000Z", (string?)Spec["renewTime"]);
    }

    [Fact]
    public void A_lease_that_is_not_renewed_for_its_duration_is_taken()
    {
        Occupy("gone", seconds: 30);
        var a = Start("a");
        Pass(30 * Second);
        Assert.False(a.IsLeader);
        Pass(3 * Second);

        Assert.True(a.IsLeader);
        Assert.Equal(("a", 8), ((string?)Spec["holderIdentity"], (int?)Spec["leaseTransitions"]));
    }

    [Fact]
    public void The_duration_counts_from_the_last_change_that_was_seen_whatever_the_holders_clock_says()
    {
        Occupy("other", seconds: 15, renewTime: "1970-01-01T00:00:00.000000Z");
        var a = Start("a");
        Pass(14 * Second);
        Occupy("other", seconds: 15, renewTime: "1970-01-01T00:00:01.000000Z");
        Pass(14 * Second);

        Assert.False(a.IsLeader);
    }

    [Fact]
    public void What_is_wrong_is_said_once_however_often_it_is_tried_and_again_when_it_comes_back()
    {
        var a = Start("a");
        string[] Warnings() => [.. a.Log.Collector.GetSnapshot().Where(static line => line.Level == LogLevel.Warning).Select(static line => line.Message)];

        a.Faults.Next = _ => Fault.Refused;
        Pass(4 * Second); // two tries
        Assert.Single(Warnings());

        a.Faults.Next = _ => Fault.None;
        Pass(4 * Second);
        Assert.True(a.IsLeader);
        a.Faults.Next = _ => Fault.Refused;
        Pass(4 * Second);
        Assert.Equal(2, Warnings().Length);
    }

    [Fact]
    public void What_a_candidate_does_not_know_of_a_lease_goes_back_as_it_came()
    {
        Occupy("", seconds: 15);
        _server.Store.Update(Candidate.LeasePath, lease =>
        {
            lease["metadata"]!["labels"] = new JsonObject { ["app"] = "x" };
            lease["spec"]!["strategy"] = "OldestEmulationVersion";
            return lease;
        }, "installer");
        Start("a");

        var lease = _server.Store.Get(Candidate.LeasePath);
        Assert.Equal(("x", "OldestEmulationVersion", "a"), ((string?)lease["metadata"]!["labels"]!["app"], (string?)Spec["strategy"], (string?)Spec["holderIdentity"]));
    }

    [Fact]
    public void A_call_that_hangs_is_given_up_early_enough_for_another()
    {
        var a = Start("a");
        Pass(1 * Second);
        FailNext(a, Fault.Lost, 1);
        Pass(30 * Second);

        Assert.True(a.IsLeader && a.Works);
    }

    [Theory]
    [InlineData("Refused")]
    [InlineData("Busy")]
    [InlineData("Lost")]
    public async Task A_leader_that_can_not_renew_stops_at_the_deadline(string fault)
    {
        var a = Start("a");
        a.Faults.Next = _ => Enum.Parse<Fault>(fault);
        Pass(10 * Second - TimeSpan.FromMilliseconds(100));
        Assert.True(a.IsLeader && a.Works);
        Pass(TimeSpan.FromMilliseconds(100));

        Assert.False(a.IsLeader || a.Works);
        Pass(3 * Second); // for the release, which can't get through either
        Assert.True(await a.Ended);
    }

    [Fact]
    public void The_deadline_counts_from_the_start_of_the_renewal_not_from_its_end()
    {
        var a = Start("a");
        a.Faults.Next = _ => Fault.Lost;
        Pass(2 * Second); // a renewal begins and hangs
        a.Faults.Next = _ => Fault.None;
        Pass(7 * Second); // is given up after 5 s, and the next, 2 s later, succeeds
        a.Faults.Next = _ => Fault.Refused;
        Pass(10 * Second - TimeSpan.FromMilliseconds(100));
        Assert.True(a.Works);
        Pass(TimeSpan.FromMilliseconds(100));

        Assert.False(a.Works);
    }

    [Fact]
    public async Task A_leader_whose_lease_is_somebody_elses_stops_at_once()
    {
        var a = Start("a");
        Occupy("usurper", seconds: 15);
        Pass(2 * Second);

        Assert.False(a.IsLeader || a.Works);
        Assert.True(await a.Ended);
        Assert.Equal("usurper", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public async Task A_leader_whose_lease_is_somebody_elses_is_none_also_while_its_work_does_not_stop()
    {
        var a = Start("a", _ => new TaskCompletionSource().Task);
        Occupy("usurper", seconds: 15);
        _clock.Advance(2 * Second);

        Assert.False(a.IsLeader);
        await _clock.FireAsync(5 * Second, 5 * Second);
        Assert.True(await a.Ended);
    }

    [Fact]
    public void Of_two_candidates_for_a_free_lease_the_second_write_conflicts()
    {
        Occupy("", seconds: 15);
        var a = Start("a", Fault.None, Fault.Late); // read, and then written too late
        var b = Start("b");
        Assert.True(b.IsLeader);
        a.Faults.Late.Dequeue()();
        Pass(10 * Second);

        Assert.True(b.IsLeader && !a.IsLeader);
        Assert.Equal("b", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public async Task A_leader_that_stops_releases_the_lease_and_the_next_leads_at_once()
    {
        var (a, b) = (Start("a"), Start("b"));
        a.Stop();

        Assert.False(await a.Ended);
        Assert.Equal(("", 1), ((string?)Spec["holderIdentity"], (int?)Spec["leaseDurationSeconds"]));
        Pass(2.4 * Second);
        Assert.True(b.IsLeader && b.Works);
    }

    [Fact]
    public async Task The_lease_is_kept_while_cancelled_work_winds_up()
    {
        var woundUp = new TaskCompletionSource();
        var a = Start("a", _ => woundUp.Task);
        var b = Start("b");
        a.Stop();
        Pass(60 * Second);
        Assert.Equal("a", (string?)Spec["holderIdentity"]);
        Assert.False(b.IsLeader);
        woundUp.SetResult();
        await a.Ended;

        Assert.Equal("", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public async Task Lost_leadership_does_not_wait_for_work_that_does_not_stop_and_does_not_release()
    {
        var a = Start("a", _ => new TaskCompletionSource().Task);
        a.Faults.Next = _ => Fault.Refused;
        Pass(10 * Second);
        a.Faults.Next = _ => Fault.None;
        await _clock.FireAsync(5 * Second, 5 * Second);

        Assert.True(await a.Ended);
        Assert.Equal("a", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public async Task Work_that_ends_ends_the_leadership()
    {
        var a = Start("a", _ => Task.CompletedTask);

        Assert.False(await a.Ended);
        Assert.False(a.IsLeader);
        Assert.Equal("", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public async Task A_failure_of_the_work_surfaces_after_the_release()
    {
        var a = Start("a", _ => throw new InvalidOperationException("as scripted"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => a.Ended);
        Assert.Equal("", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public async Task A_candidate_can_stop_waiting()
    {
        Occupy("other", seconds: 15);
        var a = Start("a");
        a.Stop();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => a.Ended);
        Assert.Equal("other", (string?)Spec["holderIdentity"]);
    }

    [Fact]
    public void A_leader_that_was_asleep_while_its_lease_ran_out_does_not_begin_to_work()
    {
        // The process sleeps between the write of the lease and its answer.
        _server.Store.Normalise = _ => _clock.Advance(20 * Second);
        var a = Start("a");

        Assert.False(a.IsLeader || a.Works);
    }

    [Fact]
    public async Task The_gauge_tells_who_leads()
    {
        var metrics = TestMetrics.Create();
        using var gauge = new MetricCollector<int>(metrics.Meter, "leader_election_master_status");
        var a = new Candidate(_server, "a", _clock, metrics);
        gauge.RecordObservableInstruments();
        a.Stop();
        await a.Ended;
        gauge.RecordObservableInstruments();

        Assert.Equal([1, 0], gauge.GetMeasurementSnapshot().Select(measurement => measurement.Value));
        Assert.Equal("operators", gauge.LastMeasurement!.Tags["name"]);
    }

    [Theory]
    [InlineData("", 15, 10, 2)]
    [InlineData("a", 10, 10, 2)]
    [InlineData("a", 15.5, 10, 2)]
    [InlineData("a", 15, 2.4, 2)]
    [InlineData("a", 15, 10, 0)]
    public void Options_that_could_elect_two_leaders_or_none_are_refused(string identity, double lease, double deadline, double retry)
    {
        var options = new LeaseElectorOptions
        {
            Lease = new ObjectKey("ns", "operators"),
            Identity = identity,
            LeaseDuration = lease * Second,
            RenewDeadline = deadline * Second,
            RetryPeriod = retry * Second,
        };

        Assert.Throws<ArgumentException>(options.Validate);
    }

    private Candidate Start(string identity, Func<CancellationToken, Task>? work = null) => new(_server, identity, _clock, work: work);

    /// <summary>A candidate whose first requests meet these faults.</summary>
    private Candidate Start(string identity, params Fault[] faults)
    {
        var queue = new Queue<Fault>(faults);
        return new(_server, identity, _clock, faults: new() { Next = _ => queue.TryDequeue(out var fault) ? fault : Fault.None });
    }

    private static void FailNext(Candidate candidate, Fault fault, int count) => candidate.Faults.Next = _ => count-- > 0 ? fault : Fault.None;

    /// <summary>Lets time pass, in steps short enough to be like time.</summary>
    private void Pass(TimeSpan time)
    {
        for (var step = TimeSpan.FromMilliseconds(100); time > TimeSpan.Zero; time -= step)
        {
            _clock.Advance(step);
        }
    }

    /// <summary>Gives the lease to somebody who is not part of the test.</summary>
    private void Occupy(string holder, int seconds, string renewTime = "2026-11-23T10:30:00.000000Z")
    {
        var spec = new JsonObject { ["holderIdentity"] = holder, ["leaseDurationSeconds"] = seconds, ["renewTime"] = renewTime, ["leaseTransitions"] = 7 };
        if (_server.Store.Find(Candidate.LeasePath) is null)
        {
            var lease = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "operators", ["namespace"] = "ns" }, ["spec"] = spec };
            _server.Store.Create(Candidate.LeasePath with { Name = null }, lease, "others");
        }
        else
        {
            _server.Store.Update(Candidate.LeasePath, lease =>
            {
                lease["spec"] = spec;
                return lease;
            }, "others");
        }
    }
}
