using System.Diagnostics;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Controllers;

/// <summary>Who works on what, when: workers, priorities, start and stop, and who is told.</summary>
public sealed class ControllerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Coming_again_does_not_make_a_key_more_urgent(bool failed)
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var run = new RunningController(async (request, _) =>
        {
            if (request.Key.Name == "busy")
            {
                busy.SetResult();
                await release.Task;
            }

            return request.Key.Name != "again" ? ReconcileResult.Done
                : failed ? ReconcileResult.Failed("x")
                : ReconcileResult.After(Second);
        });
        run.Queue.Add(Widget.Key("again"), WorkPriority.Background);
        await run.NextAsync();
        run.Queue.Add(Widget.Key("busy"));
        await Patience.For(busy.Task, "no reconcile began");
        await run.PauseAsync();
        run.Queue.Add(Widget.Key("news"));
        release.SetResult();

        Assert.Equal(
            ["busy", "news", "again"], [(await run.NextAsync()).Key.Name, (await run.NextAsync()).Key.Name, (await run.NextAsync()).Key.Name]);
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
                new ReconcileRecord("test", "Widget", Widget.Key("a"), "Widget ns/a changed", began, 3 * Second, ReconcileOutcome.Failed, "no quota"), record);
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
