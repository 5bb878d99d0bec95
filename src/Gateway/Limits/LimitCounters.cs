using Gateway.Policies;

namespace Gateway.Limits;

/// <summary>
/// The windows of all callers of one limit. Their number is bounded: when there are too many, those that were not asked for the longest go, and
/// their callers begin anew. Callers are kept in two generations, so that the oldest are found without looking at each.
/// </summary>
internal sealed class LimitCounters(RateLimit limit, int maximumCallers = LimitCounters.DefaultMaximumCallers)
{
    /// <summary>At 250 bytes each, at most some 16 MB a limit.</summary>
    public const int DefaultMaximumCallers = 65_536;

    private const int ShardCount = 16;

    private readonly int _perGeneration = Math.Max(maximumCallers / ShardCount / 2, 1);
    private Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];

    public RateLimit Limit { get; } = limit;

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
            return WindowOf(shard, caller).Take(now, always: Limit.Shadow);
        }
    }

    /// <summary>Gives back a request that was counted at this time, because another limit refused it.</summary>
    public void GiveBack(string caller, TimeSpan at)
    {
        var shard = ShardOf(caller);
        lock (shard.Gate)
        {
            WindowOf(shard, caller).GiveBack(at);
        }
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
