using ControlPlane.Kubernetes.Metrics;

namespace ControlPlane.Kubernetes.Queues;

/// <summary>Which of two keys goes first.</summary>
public enum WorkPriority
{
    /// <summary>Something just changed, or was asked for.</summary>
    Live,

    /// <summary>First fill or resync: nothing is known to have changed.</summary>
    Background,
}

/// <summary>
/// A queue of keys to client-go's contract: a key that waits is not queued twice; a key that is being processed is never handed to a second
/// worker, and if it is added meanwhile it is processed once more afterwards; no key that was added is ever dropped. Live keys go before
/// background ones, except that every eighth pick goes to the one that has waited in the background.
/// </summary>
/// <remarks>Thread-safe. A worker that took a key must call <see cref="Done"/>, whatever came of it.</remarks>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private const int BackgroundShare = 8;

    /// <summary>Longest delay: anything later is looked at then, too early, and put off again by whoever asked. Timers can't wait longer.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly KeyBackoff<TKey> _backoff;
    private readonly RuntimeMetrics _runtime;
    private readonly QueueMetrics _metrics;

    /// <summary>Keys that need processing, with what they need: those in a lane, and those that came while being processed.</summary>
    private readonly Dictionary<TKey, Pending> _dirty = [];
    private readonly Dictionary<TKey, long> _processing = [];
    private readonly LinkedList<TKey>[] _lanes = [new(), new()];
    private readonly SemaphoreSlim _ready = new(0);

    /// <summary>Keys that become due later, each once. The heap may hold outdated entries beside the one that counts.</summary>
    private readonly Dictionary<TKey, Delayed> _delayed = [];
    private readonly PriorityQueue<TKey, long> _waiting = new();
    private readonly ITimer _alarm;
    private int _picks;
    private bool _closed;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="name">Name in metrics.</param>
    /// <param name="time">Clock of delays and backoff.</param>
    /// <param name="metrics">Where its depth, delays and durations are shown.</param>
    /// <param name="backoff">Pauses of failing keys; null for 5 ms doubling up to 5 min.</param>
    public WorkQueue(string name, TimeProvider time, RuntimeMetrics metrics, KeyBackoff<TKey>? backoff = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        _time = time;
        _backoff = backoff ?? new KeyBackoff<TKey>(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(5));
        _runtime = metrics;
        _metrics = metrics.AddQueue(name, Depth, Running);
        _alarm = time.CreateTimer(static queue => ((WorkQueue<TKey>)queue!).ReleaseDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that wait for a worker now, of both priorities.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lanes[0].Count + _lanes[1].Count;
            }
        }
    }

    /// <summary>Asks for the key to be processed.</summary>
    /// <param name="key">What.</param>
    /// <param name="priority">How soon.</param>
    /// <param name="cause">Because of what; kept for whoever processes the key. The first of several causes stays.</param>
    public void Add(TKey key, WorkPriority priority = WorkPriority.Live, string? cause = null)
    {
        var now = Now();
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            if (_dirty.TryGetValue(key, out var pending))
            {
                Promote(key, pending, priority, cause);
                return;
            }

            _metrics.Added();
            pending = new Pending(priority, cause, now);
            _dirty[key] = pending;
            if (!_processing.ContainsKey(key))
            {
                Enqueue(key, pending);
            }
        }
    }

    /// <summary>
    /// Asks for the key to be processed after a while. If it is to be processed later already, the earlier time and the higher priority count.
    /// </summary>
    /// <param name="key">What.</param>
    /// <param name="delay">When, from now; beyond 30 days it is processed after 30.</param>
    /// <param name="priority">How soon once its time has come.</param>
    /// <param name="cause">Because of what.</param>
    public void AddAfter(TKey key, TimeSpan delay, WorkPriority priority = WorkPriority.Live, string? cause = null)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key, priority, cause);
            return;
        }

        var now = Now();
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            delay = delay < LongestDelay ? delay : LongestDelay;
            var next = new Delayed(now + (long)(delay.TotalSeconds * _time.TimestampFrequency), priority, cause);
            if (_delayed.TryGetValue(key, out var known))
            {
                next = known.And(next);
            }

            _delayed[key] = next;
            if (known?.Due != next.Due)
            {
                _waiting.Enqueue(key, next.Due);
                SetAlarm();
            }
        }
    }

    /// <summary>Asks for a failed key to be processed again after its backoff, which grows with each call until <see cref="Forget"/>.</summary>
    /// <param name="key">What.</param>
    /// <param name="atLeast">Shortest pause, whatever the backoff says.</param>
    /// <param name="priority">As it was processed with: a failure does not make a key more urgent.</param>
    /// <param name="cause">Because of what it was processed.</param>
    public void AddRateLimited(TKey key, TimeSpan atLeast = default, WorkPriority priority = WorkPriority.Live, string? cause = null)
    {
        _metrics.Retried();
        var pause = _backoff.Next(key);
        AddAfter(key, pause > atLeast ? pause : atLeast, priority, cause);
    }

    /// <summary>The key succeeded: its next failure starts with the shortest pause again.</summary>
    public void Forget(TKey key) => _backoff.Forget(key);

    /// <summary>How often the key failed since it was last forgotten.</summary>
    public int Failures(TKey key) => _backoff.Failures(key);

    /// <summary>Takes the next key; waits until there is one.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async ValueTask<WorkItem<TKey>> TakeAsync(CancellationToken cancellationToken)
    {
        await _ready.WaitAsync(cancellationToken);
        var now = Now();
        lock (_gate)
        {
            var lane = ChooseLane();
            var key = lane.First!.Value;
            lane.RemoveFirst();
            _dirty.Remove(key, out var pending);
            _processing[key] = now;
            _metrics.Taken(_time.GetElapsedTime(pending!.Since, now));
            return new WorkItem<TKey>(key, pending.Priority, pending.Cause);
        }
    }

    /// <summary>The worker is through with the key. If it was added meanwhile, it becomes ready again.</summary>
    public void Done(TKey key)
    {
        var now = Now();
        lock (_gate)
        {
            if (!_processing.Remove(key, out var started))
            {
                throw new InvalidOperationException($"{key} is not being processed");
            }

            _metrics.Finished(_time.GetElapsedTime(started, now));
            if (_dirty.TryGetValue(key, out var pending))
            {
                Enqueue(key, pending);
            }
        }
    }

    /// <summary>Takes nothing more in. What waits can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _alarm.Dispose();
        _runtime.Remove(_metrics);
    }

    /// <summary>The time, asked for outside the lock: a clock may run due timers when it is asked, and they come back to this queue.</summary>
    private long Now() => _time.GetTimestamp();

    private void Enqueue(TKey key, Pending pending)
    {
        pending.Node = _lanes[(int)pending.Priority].AddLast(key);
        _ready.Release();
    }

    private void Promote(TKey key, Pending pending, WorkPriority priority, string? cause)
    {
        pending.Cause ??= cause;
        if (priority >= pending.Priority)
        {
            return;
        }

        pending.Priority = priority;
        pending.Cause = cause ?? pending.Cause;
        if (pending.Node is { } node)
        {
            node.List!.Remove(node);
            pending.Node = _lanes[(int)priority].AddLast(key);
        }
    }

    private LinkedList<TKey> ChooseLane()
    {
        var (live, background) = (_lanes[(int)WorkPriority.Live], _lanes[(int)WorkPriority.Background]);
        var backgroundsTurn = ++_picks % BackgroundShare == 0;
        return live.Count == 0 || (backgroundsTurn && background.Count > 0) ? background : live;
    }

    private void ReleaseDue()
    {
        var now = Now();
        lock (_gate)
        {
            while (_waiting.TryPeek(out var key, out var due) && due <= now)
            {
                _waiting.Dequeue();
                if (_delayed.TryGetValue(key, out var delayed) && delayed.Due == due)
                {
                    _delayed.Remove(key);
                    Add(key, delayed.Priority, delayed.Cause);
                }
            }

            SetAlarm();
        }
    }

    private void SetAlarm()
    {
        if (!_closed && _waiting.TryPeek(out _, out var due))
        {
            var wait = TimeSpan.FromSeconds(Math.Max(0, due - _time.GetTimestamp()) / (double)_time.TimestampFrequency);
            _alarm.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private (int Live, int Background) Depth()
    {
        lock (_gate)
        {
            return (_lanes[(int)WorkPriority.Live].Count, _lanes[(int)WorkPriority.Background].Count);
        }
    }

    private (TimeSpan Sum, TimeSpan Longest) Running()
    {
        lock (_gate)
        {
            var (sum, longest) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var started in _processing.Values)
            {
                var running = _time.GetElapsedTime(started);
                sum += running;
                longest = running > longest ? running : longest;
            }

            return (sum, longest);
        }
    }

    /// <param name="Due">When, as a timestamp of the clock.</param>
    /// <param name="Priority">How soon then.</param>
    /// <param name="Cause">Because of what.</param>
    private sealed record Delayed(long Due, WorkPriority Priority, string? Cause)
    {
        public Delayed And(Delayed other) => new(
            Math.Min(Due, other.Due), Priority < other.Priority ? Priority : other.Priority, Cause ?? other.Cause);
    }

    private sealed class Pending(WorkPriority priority, string? cause, long since)
    {
        public WorkPriority Priority { get; set; } = priority;

        public string? Cause { get; set; } = cause;

        public long Since { get; } = since;

        /// <summary>Where it stands in its lane; null while the key is being processed.</summary>
        public LinkedListNode<TKey>? Node { get; set; }
    }
}

/// <summary>A key that a worker took.</summary>
/// <param name="Key">What to process.</param>
/// <param name="Priority">How it was asked for.</param>
/// <param name="Cause">Because of what, if it was said.</param>
public readonly record struct WorkItem<TKey>(TKey Key, WorkPriority Priority, string? Cause);
