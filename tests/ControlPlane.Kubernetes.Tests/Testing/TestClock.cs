using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>
/// A clock that stands still until the test moves it, and that the test can ask whether somebody waits on it: time that passes before the code
/// under test has set its timer would pass unseen.
/// </summary>
internal sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _gate = new();
    private readonly List<WatchedTimer> _timers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestClock()
        : this(new DateTimeOffset(2026, 11, 23, 10, 30, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Timers that are set at present, as the time that is left.</summary>
    public IReadOnlyList<TimeSpan> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _timers.Where(timer => timer.Due is not null).Select(timer => timer.Due!.Value - GetUtcNow())];
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Inner = base.CreateTimer(timer.Fire(callback), state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until a timer is set that is due in this span from now, and moves the clock exactly to it.</summary>
    /// <returns>How far the clock was moved.</returns>
    public async Task<TimeSpan> FireAsync(TimeSpan from, TimeSpan to)
    {
        await UntilAsync(waiting => waiting.Any(IsMeant), $"no timer was set that is due in {from} to {to}");
        var due = Waiting.Where(IsMeant).Min();
        Advance(due);
        return due;

        bool IsMeant(TimeSpan left) => left >= from && left <= to;
    }

    /// <summary>
    /// Waits until a timer is set, at this very instant, for so long, and moves the clock to it. Others that were set earlier may be due at the
    /// same time: they say nothing of whether the code under test has come to its pause.
    /// </summary>
    public async Task FireJustSetAsync(TimeSpan pause)
    {
        await UntilAsync(_ => IsJustSet(pause), $"no timer was set just now for {pause}");
        Advance(pause);
    }

    private bool IsJustSet(TimeSpan pause)
    {
        var now = GetUtcNow();
        lock (_gate)
        {
            return _timers.Exists(timer => timer.SetAt == now && timer.Due == now + pause);
        }
    }

    /// <summary>Waits until the timers that are set are as they should be.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<TimeSpan>, bool> holds, string otherwise)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (holds(Waiting))
            {
                return;
            }

            await Patience.For(changed, $"{otherwise}; set are: {string.Join(", ", Waiting)}");
        }
    }

    private void Changed()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class WatchedTimer(TestClock clock) : ITimer
    {
        private TimeSpan _period;

        public ITimer Inner { get; set; } = null!;

        public DateTimeOffset? Due { get; private set; }

        public DateTimeOffset SetAt { get; private set; }

        public TimerCallback Fire(TimerCallback callback) => state =>
        {
            lock (clock._gate)
            {
                Due = _period > TimeSpan.Zero ? Due + _period : null;
            }

            callback(state);
        };

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                SetAt = clock.GetUtcNow();
                Due = dueTime < TimeSpan.Zero ? null : SetAt + dueTime;
            }

            var changed = Inner.Change(dueTime, period);
            clock.Changed();
            return changed;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                Due = null;
                clock._timers.Remove(this);
            }

            Inner.Dispose();
            clock.Changed();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
