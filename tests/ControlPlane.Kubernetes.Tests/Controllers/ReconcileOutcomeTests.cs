using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Controllers;

/// <summary>What follows from how a reconcile ended: when the key comes again, and what is counted.</summary>
public sealed class ReconcileOutcomeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<Exception> Weather { get; } =
    [
        new KubeApiException(HttpStatusCode.Conflict, "Conflict", "the object has been modified"),
        new HttpRequestException("connection refused"),
        new IOException("connection reset"),
        new TimeoutException("no answer"),
        new JsonException("not JSON"),
        new TaskCanceledException("somebody else's token"),
    ];

    public static TheoryData<ReconcileOutcome> NoFailures { get; } =
        [ReconcileOutcome.Succeeded, ReconcileOutcome.RequeuedAfter, ReconcileOutcome.Terminal];

    [Fact]
    public async Task Every_series_is_there_before_anything_happens()
    {
        await using var run = RunningController.That(() => ReconcileResult.Done);

        string[] series =
        [
            "reconcile_total{controller=test,result=success}",
            "reconcile_total{controller=test,result=error}",
            "reconcile_total{controller=test,result=requeue_after}",
            "reconcile_errors_total{controller=test}",
            "terminal_reconcile_errors_total{controller=test}",
            "reconcile_panics_total{controller=test}",
            "reconcile_timeouts_total{controller=test}",
            "active_workers{controller=test}",
        ];
        Assert.All(series, name => Assert.Equal(0, run.Series[$"controller_runtime_{name}"]));
    }

    [Fact]
    public async Task Success_rests_until_something_happens()
    {
        await using var run = RunningController.That(() => ReconcileResult.Done);
        var record = await run.NextAsync("a");

        Assert.Equal((ReconcileOutcome.Succeeded, null), (record.Outcome, record.Problem));
        Assert.True(run.IsAtRest);
        Assert.Equal(["reconcile_total{controller=test,result=success} 1"], run.Series.Counted("controller_runtime_"));
    }

    [Fact]
    public async Task A_reconcile_that_asks_to_look_again_comes_again_then()
    {
        await using var run = RunningController.That(() => ReconcileResult.After(30 * Second));
        var record = await run.NextAsync("a");

        Assert.Equal(ReconcileOutcome.RequeuedAfter, record.Outcome);
        Assert.Equal(30 * Second, await run.PauseAsync());
        Assert.Equal(Widget.Key("a"), (await run.NextAsync()).Key);
        Assert.Equal(["reconcile_total{controller=test,result=requeue_after} 2"], run.Series.Counted("controller_runtime_"));
    }

    [Fact]
    public async Task Failures_are_tried_again_with_growing_pauses_for_the_same_cause()
    {
        List<string?> causes = [];
        await using var run = new RunningController((request, _) =>
        {
            causes.Add(request.Cause);
            return ValueTask.FromResult(ReconcileResult.Failed("no quota"));
        });
        var record = await run.NextAsync("a", "created");
        Assert.Equal((ReconcileOutcome.Failed, "no quota"), (record.Outcome, record.Problem));

        List<double> pauses = [];
        for (var i = 0; i < 3; i++)
        {
            pauses.Add((await run.PauseAsync()).TotalMilliseconds);
            await run.NextAsync();
        }

        Assert.Equal([5, 10, 20], pauses);
        Assert.Equal(["created", "created", "created", "created"], causes);
        Assert.Equal(
            ["reconcile_errors_total{controller=test} 4", "reconcile_total{controller=test,result=error} 4"],
            run.Series.Counted("controller_runtime_"));
    }

    [Theory]
    [MemberData(nameof(Weather))]
    public async Task What_servers_and_networks_do_is_a_failure_and_no_defect(Exception weather)
    {
        await using var run = RunningController.That(() => throw weather);
        var record = await run.NextAsync("a");

        Assert.Equal((ReconcileOutcome.Failed, weather.Message), (record.Outcome, record.Problem));
        await run.PauseAsync();
        Assert.Equal(ReconcileOutcome.Failed, (await run.NextAsync()).Outcome);
        Assert.DoesNotContain("reconcile_panics", string.Join(' ', run.Series.Counted("controller_runtime_")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_asks_to_wait_is_given_the_time(bool throws)
    {
        await using var run = RunningController.That(() => throws
            ? throw new KubeApiException(HttpStatusCode.TooManyRequests, "TooManyRequests", "busy", retryAfter: 7 * Second)
            : ReconcileResult.Failed("busy", retryAfter: 7 * Second));
        await run.NextAsync("a");

        Assert.Equal(7 * Second, await run.PauseAsync());
    }

    [Theory]
    [MemberData(nameof(NoFailures))]
    public async Task What_is_no_failure_makes_the_pause_after_the_next_one_short_again(ReconcileOutcome outcome)
    {
        var inBetween = outcome switch
        {
            ReconcileOutcome.RequeuedAfter => ReconcileResult.After(60 * Second),
            ReconcileOutcome.Terminal => ReconcileResult.Terminal("x"),
            _ => ReconcileResult.Done,
        };
        var results = new Queue<ReconcileResult>([ReconcileResult.Failed("x"), ReconcileResult.Failed("x"), inBetween, ReconcileResult.Failed("x")]);
        await using var run = RunningController.That(results.Dequeue);
        await run.NextAsync("a");
        await run.PauseAsync();
        await run.NextAsync();
        await run.PauseAsync();
        Assert.Equal(outcome, (await run.NextAsync()).Outcome);
        await run.NextAsync("a");

        Assert.Equal(5, (await run.PauseAsync()).TotalMilliseconds);
    }

    [Fact]
    public async Task New_events_do_not_shorten_the_pause_of_a_failing_key()
    {
        await using var run = RunningController.That(() => ReconcileResult.Failed("x"));
        await run.NextAsync("a");
        await run.NextAsync("a");

        Assert.Equal(5, (await run.PauseAsync()).TotalMilliseconds); // of the first failure, which still stands
        await run.NextAsync();
        Assert.Equal(20, (await run.PauseAsync()).TotalMilliseconds);
    }

    [Fact]
    public async Task What_can_not_be_done_is_counted_and_waits_for_a_change()
    {
        await using var run = RunningController.That(() => ReconcileResult.Terminal("spec.workload.image: no such image"));
        var record = await run.NextAsync("a");

        Assert.Equal((ReconcileOutcome.Terminal, "spec.workload.image: no such image"), (record.Outcome, record.Problem));
        Assert.True(run.IsAtRest);
        Assert.Equal(
            [
                "reconcile_errors_total{controller=test} 1",
                "reconcile_total{controller=test,result=error} 1",
                "terminal_reconcile_errors_total{controller=test} 1",
            ],
            run.Series.Counted("controller_runtime_"));
        Assert.Equal(ReconcileOutcome.Terminal, (await run.NextAsync("a")).Outcome);
    }

    [Fact]
    public async Task A_defect_is_counted_tried_again_and_tells_no_secret()
    {
        await using var run = RunningController.That(() => throw new InvalidOperationException("password=hunter2"));
        var record = await run.NextAsync("a");

        Assert.Equal((ReconcileOutcome.Panicked, "internal error (InvalidOperationException)"), (record.Outcome, record.Problem));
        Assert.Equal(5, (await run.PauseAsync()).TotalMilliseconds);
        Assert.Equal(ReconcileOutcome.Panicked, (await run.NextAsync()).Outcome);
        Assert.Equal(
            [
                "reconcile_errors_total{controller=test} 2",
                "reconcile_panics_total{controller=test} 2",
                "reconcile_total{controller=test,result=error} 2",
            ],
            run.Series.Counted("controller_runtime_"));
    }

    [Fact]
    public async Task A_reconcile_that_hangs_is_cut_off_at_its_time_limit_and_tried_again()
    {
        await using var run = new RunningController((_, token) => RunningController.HangAsync(token));
        run.Queue.Add(Widget.Key("a"));
        await run.Clock.FireAsync(60 * Second, 60 * Second);
        var record = await run.NextAsync();

        Assert.Equal((ReconcileOutcome.TimedOut, "took longer than 60 s", 60 * Second), (record.Outcome, record.Problem, record.Duration));
        Assert.Equal(5, (await run.PauseAsync()).TotalMilliseconds);
        await run.Clock.FireAsync(60 * Second, 60 * Second);
        await run.NextAsync();
        Assert.Equal(
            [
                "reconcile_errors_total{controller=test} 2",
                "reconcile_timeouts_total{controller=test} 2",
                "reconcile_total{controller=test,result=error} 2",
            ],
            run.Series.Counted("controller_runtime_"));
    }

    [Fact]
    public async Task A_failure_that_is_told_because_time_was_up_is_a_timeout()
    {
        await using var run = new RunningController(async (_, token) =>
        {
            await Task.WhenAny(RunningController.HangAsync(token).AsTask());
            return ReconcileResult.Failed("applying was cut off");
        });
        run.Queue.Add(Widget.Key("a"));
        await run.Clock.FireAsync(60 * Second, 60 * Second);

        Assert.Equal(ReconcileOutcome.TimedOut, (await run.NextAsync()).Outcome);
    }
}
