using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Controllers;

public sealed class ControllerTests
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

    [Fact]
    public async Task Success_makes_the_pause_after_the_next_failure_short_again()
    {
        var results = new Queue<ReconcileResult>(
            [ReconcileResult.Failed("x"), ReconcileResult.Failed("x"), ReconcileResult.Done, ReconcileResult.Failed("x")]);
        await using var run = RunningController.That(results.Dequeue);
        await run.NextAsync("a");
        await run.PauseAsync();
        await run.NextAsync();
        await run.PauseAsync();
        await run.NextAsync();
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

    [Fact]
    public async Task Stopping_cancels_what_is_under_way_waits_for_it_and_calls_it_no_error()
    {
        var (started, winding) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var run = new RunningController(async (_, token) =>
        {
            started.SetResult();
            await Task.WhenAny(RunningController.HangAsync(token).AsTask());
            await winding.Task;
            throw new OperationCanceledException(token);
        });
        run.Queue.Add(Widget.Key("a"));
        await Patience.For(started.Task, "no reconcile began");
        run.Stop();
        Assert.False(run.Ended.IsCompleted);
        winding.SetResult();
        await Patience.For(run.Ended, "the controller does not end");

        Assert.Equal(0, run.Unread);
        Assert.Empty(run.Series.Counted("controller_runtime_"));
    }

    [Fact]
    public async Task Once_stopped_nothing_more_is_begun()
    {
        var started = 0;
        await using var run = new RunningController(async (_, token) =>
        {
            started++;
            await Task.WhenAny(RunningController.HangAsync(token).AsTask());
            return ReconcileResult.Done;
        });
        run.Queue.Add(Widget.Key("a"));
        run.Queue.Add(Widget.Key("b"));
        run.Stop();
        await Patience.For(run.Ended, "the controller does not end");
        run.Queue.Add(Widget.Key("c"));

        Assert.InRange(started, 0, 1);
    }

    [Fact]
    public async Task A_key_that_is_slow_does_not_hold_up_the_others()
    {
        await using var run = new RunningController(
            (request, token) => request.Key.Name == "slow" ? RunningController.HangAsync(token) : ValueTask.FromResult(ReconcileResult.Done), workers: 2);
        run.Queue.Add(Widget.Key("slow"));
        run.Queue.Add(Widget.Key("a"));
        run.Queue.Add(Widget.Key("b"));

        Assert.Equal(["a", "b"], [(await run.NextAsync()).Key.Name, (await run.NextAsync()).Key.Name]);
    }

    [Fact]
    public async Task A_key_that_fails_does_not_hold_up_the_others()
    {
        await using var run = new RunningController((request, _) => request.Key.Name == "bad" ? throw new InvalidOperationException() : default);
        run.Queue.Add(Widget.Key("bad"));
        run.Queue.Add(Widget.Key("a"));

        Assert.Equal(
            [ReconcileOutcome.Panicked, ReconcileOutcome.Succeeded], [(await run.NextAsync()).Outcome, (await run.NextAsync()).Outcome]);
    }

    [Fact]
    public async Task As_many_are_reconciled_at_once_as_there_are_workers()
    {
        using var started = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var run = new RunningController(
            async (_, _) =>
            {
                started.Release();
                await release.Task;
                return ReconcileResult.Done;
            },
            workers: 3);
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            run.Queue.Add(Widget.Key(name));
        }

        for (var i = 0; i < 3; i++)
        {
            await Patience.For(started.WaitAsync(TestContext.Current.CancellationToken), "fewer were begun");
        }

        Assert.Equal((3, 3), (run.Series["controller_runtime_active_workers{controller=test}"], run.Series["controller_runtime_max_concurrent_reconciles{controller=test}"]));
        Assert.Equal((2, 0), (run.Queue.Count, started.CurrentCount));
        release.SetResult();
        for (var i = 0; i < 5; i++)
        {
            await run.NextAsync();
        }
    }

    [Fact]
    public async Task One_object_is_never_reconciled_twice_at_once()
    {
        using var started = new SemaphoreSlim(0);
        var (release, running) = (new TaskCompletionSource(), 0);
        await using var run = new RunningController(
            async (_, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                started.Release();
                await release.Task;
                Interlocked.Decrement(ref running);
                return ReconcileResult.Done;
            },
            workers: 4);
        run.Queue.Add(Widget.Key("a"));
        await Patience.For(started.WaitAsync(TestContext.Current.CancellationToken), "no reconcile began");
        run.Queue.Add(Widget.Key("a"));
        run.Queue.Add(Widget.Key("a"));
        release.SetResult();

        Assert.Equal(
            [ReconcileOutcome.Succeeded, ReconcileOutcome.Succeeded], [(await run.NextAsync()).Outcome, (await run.NextAsync()).Outcome]);
        Assert.True(run.IsAtRest);
    }

    [Fact]
    public async Task Nothing_is_reconciled_before_the_caches_are_filled()
    {
        var server = new ModelApiServer();
        var (metrics, clock) = (TestMetrics.Create(), new TestClock());
        var informer = new Informer<Widget>(
            server.Connect(clock), Widget.Type, CacheScope.All, Widget.Decoder, metrics, clock, NullLogger<Informer<Widget>>.Instance);
        var began = false;
        await using var run = new RunningController(
            (_, _) =>
            {
                began = true;
                return default;
            },
            informers: [informer]);
        run.Queue.Add(Widget.Key("a"));
        Assert.False(began);
        using var stop = new CancellationTokenSource();
        var following = informer.RunAsync(stop.Token);

        await run.NextAsync();
        await stop.CancelAsync();
        await Patience.For(following, "the informer does not end");
    }

    [Fact]
    public async Task Now_and_then_everything_is_looked_at_behind_whatever_is_news()
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var run = new RunningController(
            async (request, _) =>
            {
                if (request.Key.Name == "busy")
                {
                    busy.SetResult();
                    await release.Task;
                }

                return ReconcileResult.Done;
            },
            primaryKeys: [Widget.Key("a"), Widget.Key("b")]);
        run.Queue.Add(Widget.Key("busy"));
        await Patience.For(busy.Task, "no reconcile began");
        await run.Clock.FireAsync(TimeSpan.FromMinutes(54), TimeSpan.FromMinutes(66));
        await run.Clock.FireAsync(TimeSpan.FromMinutes(54), TimeSpan.FromMinutes(66)); // everything has been asked for once the next pause begins
        run.Queue.Add(Widget.Key("news"), WorkPriority.Live, "changed");
        release.SetResult();

        List<(string, string?)> order = [];
        for (var i = 0; i < 4; i++)
        {
            var record = await run.NextAsync();
            order.Add((record.Key.Name, record.Cause));
        }

        Assert.Equal([("busy", null), ("news", "changed"), ("a", "resync"), ("b", "resync")], order);
    }

    [Fact]
    public async Task A_failure_does_not_make_a_key_more_urgent()
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var run = new RunningController(async (request, _) =>
        {
            if (request.Key.Name == "busy")
            {
                busy.SetResult();
                await release.Task;
            }

            return request.Key.Name == "bad" ? ReconcileResult.Failed("x") : ReconcileResult.Done;
        });
        run.Queue.Add(Widget.Key("bad"), WorkPriority.Background);
        await run.NextAsync();
        run.Queue.Add(Widget.Key("busy"));
        await Patience.For(busy.Task, "no reconcile began");
        await run.PauseAsync();
        run.Queue.Add(Widget.Key("news"));
        release.SetResult();

        Assert.Equal(["busy", "news", "bad"], [(await run.NextAsync()).Key.Name, (await run.NextAsync()).Key.Name, (await run.NextAsync()).Key.Name]);
    }

    [Fact]
    public async Task Observers_hear_who_did_what_when_why_and_how_long_it_took()
    {
        var second = new ObserverThatRemembers();
        RunningController? run = null;
        run = RunningController.That(
            () =>
            {
                run!.Clock.Advance(3 * Second);
                return ReconcileResult.Failed("no quota");
            },
            second);
        await using (run)
        {
            var began = run.Clock.GetUtcNow();
            var record = await run.NextAsync("a", "Widget ns/a changed");
            run.Stop();
            await Patience.For(run.Ended, "the controller does not end");

            Assert.Equal(
                new ReconcileRecord("test", Widget.Key("a"), "Widget ns/a changed", began, 3 * Second, ReconcileOutcome.Failed, "no quota"), record);
            Assert.Equal([record], second.Heard);
        }
    }

    [Fact]
    public async Task A_loop_that_breaks_ends_the_controller_instead_of_leaving_it_with_fewer_workers()
    {
        await using var run = RunningController.That(() => ReconcileResult.Done, new ObserverThatThrows());
        run.Queue.Add(Widget.Key("a"));
        await Patience.For(Task.WhenAny(run.Ended), "the controller goes on");

        await Assert.ThrowsAsync<NotSupportedException>(() => run.Ended);
    }

    [Fact]
    public async Task Every_reconcile_is_a_span_with_its_object_and_cause()
    {
        await using var run = RunningController.That(() => throw new InvalidOperationException());
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, run.Metrics.Activities),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await run.NextAsync("a", "Widget ns/a changed");

        var span = Assert.Single(spans);
        Assert.Equal(("reconcile test", ActivityStatusCode.Error), (span.OperationName, span.Status));
        Assert.Equal(
            [new("k8s.namespace.name", "ns"), new("k8s.object.name", "a"), new("reconcile.reason", "Widget ns/a changed")],
            span.Tags);
    }

    private sealed class ObserverThatRemembers : IReconcileObserver
    {
        public List<ReconcileRecord> Heard { get; } = [];

        public void Completed(ReconcileRecord record) => Heard.Add(record);
    }

    private sealed class ObserverThatThrows : IReconcileObserver
    {
        public void Completed(ReconcileRecord record) => throw new NotSupportedException();
    }
}
