using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Queues;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestClock _clock = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new("test", _clock, TestMetrics.Create());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Keys_come_in_the_order_in_which_they_were_added()
    {
        _queue.Add("a");
        _queue.Add("b");

        Assert.Equal(["a", "b"], [await TakeAsync(), await TakeAsync()]);
    }

    [Fact]
    public async Task A_key_that_waits_is_not_queued_twice()
    {
        _queue.Add("a");
        _queue.Add("a");
        await TakeAsync();

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_key_that_is_processed_is_not_given_to_a_second_worker()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("b");

        Assert.Equal("b", await TakeAsync());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_key_added_while_it_is_processed_runs_once_more()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("a");
        _queue.Done("a");

        Assert.Equal("a", await TakeAsync());
        _queue.Done("a");
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_worker_that_waits_gets_the_next_key()
    {
        var taking = _queue.TakeAsync(Token).AsTask();
        Assert.False(taking.IsCompleted);
        _queue.Add("a");

        Assert.Equal("a", (await Patience.For(taking, "the worker still waits")).Key);
    }

    [Fact]
    public async Task A_worker_that_waits_can_be_cancelled_and_takes_no_key_with_it()
    {
        using var stop = new CancellationTokenSource();
        var taking = _queue.TakeAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        _queue.Add("a");

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public void What_was_not_taken_can_not_be_done() => Assert.Throws<InvalidOperationException>(() => _queue.Done("a"));

    [Fact]
    public async Task Live_keys_go_before_background_ones()
    {
        _queue.Add("background", WorkPriority.Background);
        _queue.Add("live");

        Assert.Equal(["live", "background"], [await TakeAsync(), await TakeAsync()]);
    }

    [Fact]
    public async Task A_background_key_for_which_something_live_comes_is_live()
    {
        _queue.Add("first", WorkPriority.Background);
        _queue.Add("second", WorkPriority.Background, "start");
        _queue.Add("second", WorkPriority.Live, "changed");

        Assert.Equal(new WorkItem<string>("second", WorkPriority.Live, "changed"), await _queue.TakeAsync(Token));
        Assert.Equal("first", await TakeAsync());
    }

    [Fact]
    public async Task A_live_key_stays_live()
    {
        _queue.Add("a", WorkPriority.Live, "changed");
        _queue.Add("a", WorkPriority.Background, "resync");

        Assert.Equal(new WorkItem<string>("a", WorkPriority.Live, "changed"), await _queue.TakeAsync(Token));
    }

    [Fact]
    public async Task A_key_that_is_processed_at_background_priority_comes_back_as_live_when_something_live_came()
    {
        _queue.Add("a", WorkPriority.Background);
        await TakeAsync();
        _queue.Add("a", WorkPriority.Background);
        _queue.Add("a", WorkPriority.Live);
        _queue.Done("a");

        Assert.Equal(WorkPriority.Live, (await _queue.TakeAsync(Token)).Priority);
    }

    [Fact]
    public async Task Background_keys_are_not_starved()
    {
        _queue.Add("background", WorkPriority.Background);
        for (var i = 0; i < 20; i++)
        {
            _queue.Add($"live {i}");
        }

        var first = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            first.Add(await TakeAsync());
        }

        Assert.Equal("background", first[^1]);
    }

    [Fact]
    public async Task The_first_of_several_causes_stays()
    {
        _queue.Add("a");
        _queue.Add("a", cause: "first");
        _queue.Add("a", cause: "second");

        Assert.Equal("first", (await _queue.TakeAsync(Token)).Cause);
    }

    [Fact]
    public async Task A_delayed_key_comes_when_its_time_has_come_with_its_priority_and_cause()
    {
        _queue.AddAfter("a", Second, WorkPriority.Background, "retry");
        _clock.Advance(Second - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _queue.Count);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new WorkItem<string>("a", WorkPriority.Background, "retry"), await _queue.TakeAsync(Token));
    }

    [Fact]
    public void A_key_without_delay_comes_at_once()
    {
        _queue.AddAfter("a", TimeSpan.Zero);
        _queue.AddAfter("b", -Second);

        Assert.Equal(2, _queue.Count);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    public async Task Of_two_delays_the_earlier_counts(int first, int second)
    {
        _queue.AddAfter("a", first * Second);
        _queue.AddAfter("a", second * Second);
        _clock.Advance(Second);
        await TakeAsync();
        _queue.Done("a");
        _clock.Advance(10 * Second);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task Of_two_delayed_priorities_the_higher_counts()
    {
        _queue.AddAfter("a", Second, WorkPriority.Background);
        _queue.AddAfter("a", 5 * Second, WorkPriority.Live);
        _clock.Advance(Second);

        Assert.Equal(WorkPriority.Live, (await _queue.TakeAsync(Token)).Priority);
    }

    [Fact]
    public async Task Of_two_delayed_causes_the_first_stays()
    {
        _queue.AddAfter("a", 5 * Second, cause: "first");
        _queue.AddAfter("a", Second, cause: "second");
        _clock.Advance(Second);

        Assert.Equal("first", (await _queue.TakeAsync(Token)).Cause);
    }

    [Fact]
    public void Several_delayed_keys_come_each_at_its_time()
    {
        _queue.AddAfter("late", 3 * Second);
        _queue.AddAfter("early", Second);
        _queue.AddAfter("middle", 2 * Second);

        var counts = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(Second);
            counts.Add(_queue.Count);
        }

        Assert.Equal([1, 2, 3], counts);
    }

    [Fact]
    public async Task A_key_that_comes_at_once_does_not_forget_its_delay()
    {
        _queue.AddAfter("a", Second);
        _queue.Add("a");
        await TakeAsync();
        _queue.Done("a");
        _clock.Advance(Second);

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_delayed_key_whose_time_comes_while_it_is_processed_runs_once_more()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.AddAfter("a", Second);
        _clock.Advance(Second);
        Assert.Equal(0, _queue.Count);
        _queue.Done("a");

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public void A_delay_beyond_all_timers_is_cut_to_thirty_days()
    {
        _queue.AddAfter("a", TimeSpan.MaxValue);
        _clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, _queue.Count);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task Failures_wait_twice_as_long_each_time_until_the_key_is_forgotten()
    {
        double[] pauses = [await RetryAsync(), await RetryAsync(), await RetryAsync(), await RetryAsync()];
        Assert.Equal([5, 10, 20, 40], pauses);
        _queue.Forget("a");
        Assert.Equal(5, await RetryAsync());
    }

    [Fact]
    public async Task New_events_do_not_shorten_the_backoff_of_a_failing_key()
    {
        _ = (await RetryAsync(), await RetryAsync());
        _queue.Add("a");
        await TakeAsync();
        _queue.Done("a");

        Assert.Equal(20, await RetryAsync());
        Assert.Equal(3, _queue.Failures("a"));
    }

    [Fact]
    public async Task A_retry_waits_as_long_as_the_server_asks()
    {
        _queue.AddRateLimited("a", atLeast: Second);
        _clock.Advance(Second - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _queue.Count);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_closed_queue_takes_nothing_in_but_gives_out_what_waits()
    {
        _queue.Add("waiting");
        _queue.Add("again");
        _queue.AddAfter("delayed", Second);
        await TakeAsync();
        _queue.Add("waiting");
        _queue.Close();
        _queue.Add("new");
        _queue.AddAfter("new", Second);
        _queue.Done("waiting");
        _clock.Advance(2 * Second);

        Assert.Equal(["again", "waiting"], [await TakeAsync(), await TakeAsync()]);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_worker_may_finish_after_the_queue_was_disposed()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Dispose();

        _queue.Done("a");
    }

    /// <summary>Fails the key once and lets it come again; the pause in ms.</summary>
    private async Task<double> RetryAsync()
    {
        _queue.AddRateLimited("a");
        var pause = await _clock.FireAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        Assert.Equal("a", await TakeAsync());
        _queue.Done("a");
        return pause.TotalMilliseconds;
    }

    private async Task<string> TakeAsync() =>
        (await Patience.For(_queue.TakeAsync(Token).AsTask(), "no key is ready")).Key;
}
