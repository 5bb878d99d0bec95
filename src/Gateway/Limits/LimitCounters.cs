using Gateway.Policies;

namespace Gateway.Limits;

/// <summary>How far the callers of a limit have used it.</summary>
/// <param name="Allowed">Requests that were within it, of all callers.</param>
/// <param name="Refused">Requests that were not.</param>
/// <param name="Callers">Callers that are remembered.</param>
/// <param name="Limited">Of those, the ones that have used all that they may.</param>
/// <param name="Busiest">The callers that are nearest to the limit, first those nearest.</param>
internal sealed record LimitUse(long Allowed, long Refused, int Callers, int Limited, IReadOnlyList<(string Caller, WindowUse Use)> Busiest);

/// <summary>
/// The windows of all callers of one limit. Their number is bounded: when there are too many, those that were not asked for the longest go, and
/// their callers begin anew. Callers are kept in two generations, so that the oldest are found without looking at each.
/// </summary>
internal sealed class LimitCounters(RateLimit limit, int maximumCallers = LimitCounters.DefaultMaximumCallers) : ILimitCounter
{
    /// <summary>At 250 bytes each, at most some 16 MB a limit.</summary>
    public const int DefaultMaximumCallers = 65_536;

    private const int ShardCount = 16;

    private readonly int _perGeneration = Math.Max(maximumCallers / ShardCount / 2, 1);
    private Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];

    public RateLimit Limit { get; } = limit;

    LimitCounters ILimitCounter.Own => this;

    /// <summary>How many callers are remembered.</summary>
    public int Callers => _shards.Sum(shard => shard.Count);

    /// <summary>The same counts under a limit that differs only in what does not change them (paths, shadow, headers).</summary>
    public LimitCounters With(RateLimit other) => ReferenceEquals(Limit, other) ? this : new(other, maximumCallers) { _shards = _shards };

    /// <summary>Counts a request of a caller if it is within the limit; in shadow mode in any case.</summary>
    public WindowVerdict Take(string caller, TimeSpan now)
    {
        var shard = ShardOf(caller);
        lock (shard.Gate)
        {
            var verdict = WindowOf(shard, caller).Take(now, always: Limit.Shadow);
            if (verdict.IsWithin)
            {
                shard.Allowed++;
            }
            else
            {
                shard.Refused++;
            }

            return verdict;
        }
    }

    /// <summary>Gives back a request that was counted at this time, because another limit refused it.</summary>
    public void GiveBack(string caller, TimeSpan at)
    {
        var shard = ShardOf(caller);
        lock (shard.Gate)
        {
            WindowOf(shard, caller).GiveBack(at);
            shard.Allowed--;
        }
    }

    /// <summary>Remembers what was decided of a request elsewhere.</summary>
    public void Note(string caller, TimeSpan now, bool isWithin)
    {
        var shard = ShardOf(caller);
        lock (shard.Gate)
        {
            WindowOf(shard, caller).Note(now, isWithin, always: Limit.Shadow);
            (shard.Allowed, shard.Refused) = isWithin ? (shard.Allowed + 1, shard.Refused) : (shard.Allowed, shard.Refused + 1);
        }
    }

    ValueTask<WindowVerdict> ILimitCounter.TakeAsync(string caller, TimeSpan now, CancellationToken cancellationToken) => new(Take(caller, now));

    ValueTask ILimitCounter.GiveBackAsync(string caller, TimeSpan at, WindowVerdict verdict, CancellationToken cancellationToken)
    {
        GiveBack(caller, at);
        return ValueTask.CompletedTask;
    }

    /// <summary>How far callers have used the limit.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many callers to name: those that are nearest to it.</param>
    public LimitUse Look(TimeSpan now, int most)
    {
        var (allowed, refused, callers, limited) = (0L, 0L, 0, 0);
        var busiest = new PriorityQueue<(string Caller, WindowUse Use), double>(most + 1);
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                (allowed, refused) = (allowed + shard.Allowed, refused + shard.Refused);
                foreach (var (caller, window) in shard.Young.Concat(shard.Old))
                {
                    var use = window.Look(now);
                    (callers, limited) = (callers + 1, limited + (use.IsUp ? 1 : 0));
                    busiest.Enqueue((caller, use), use.Used / (double)Math.Max(use.Allowed, 1));
                    if (busiest.Count > most)
                    {
                        busiest.Dequeue(); // the one that is furthest from the limit
                    }
                }
            }
        }

        var named = new List<(string Caller, WindowUse Use)>(busiest.Count);
        while (busiest.TryDequeue(out var next, out _))
        {
            named.Add(next);
        }

        named.Reverse();
        return new(allowed, refused, callers, limited, named);
    }

    private Shard ShardOf(string caller) => _shards[string.GetHashCode(caller, StringComparison.Ordinal) & (ShardCount - 1)];

    private SlidingWindow WindowOf(Shard shard, string caller)
    {
        if (shard.Young.TryGetValue(caller, out var window))
        {
            return window;
        }

        if (!shard.Old.Remove(caller, out window))
        {
            window = new SlidingWindow(Limit);
        }

        if (shard.Young.Count >= _perGeneration)
        {
            (shard.Old, shard.Young) = (shard.Young, []);
        }

        shard.Young[caller] = window;
        return window;
    }

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public long Allowed { get; set; }

        public long Refused { get; set; }

        public Dictionary<string, SlidingWindow> Young { get; set; } = new(StringComparer.Ordinal);

        public Dictionary<string, SlidingWindow> Old { get; set; } = new(StringComparer.Ordinal);

        public int Count
        {
            get
            {
                lock (Gate)
                {
                    return Young.Count + Old.Count;
                }
            }
        }
    }
}
