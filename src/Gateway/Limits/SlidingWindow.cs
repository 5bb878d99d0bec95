using Gateway.Policies;

namespace Gateway.Limits;

/// <summary>What a window says of a request.</summary>
/// <param name="IsWithin">The request is within the limit, and was counted.</param>
/// <param name="Remaining">Requests that are left.</param>
/// <param name="Reset">When something is free again: for a refused request the shortest wait, else when the oldest counted request leaves.</param>
internal readonly record struct WindowVerdict(bool IsWithin, int Remaining, TimeSpan Reset)
{
    /// <summary>The slice in which gateways counted it together; null when this one counted alone.</summary>
    public long? SharedSlice { get; init; }
}

/// <summary>How far a window is used.</summary>
/// <param name="Used">Requests that are counted in it.</param>
/// <param name="Allowed">Requests that it allows now.</param>
/// <param name="Refused">Requests that were not within it, since there is a window.</param>
/// <param name="LastRefused">When the last of them came; null for never.</param>
internal sealed record WindowUse(int Used, int Allowed, long Refused, TimeSpan? LastRefused)
{
    /// <summary>The next request would not be within the limit.</summary>
    public bool IsUp => Used >= Allowed;
}

/// <summary>
/// Counts the requests of one caller against one limit, over a window that slides by a sixtieth of its length. A request is remembered for at
/// least the window and at most a sixtieth longer: there is never a window with more requests than allowed, wherever it begins, and a counter
/// has the same small size whatever the limit.
/// </summary>
/// <remarks>
/// With a burst, what the window before left unused may be used in this one, up to the burst. A pure algorithm: time is an argument and must
/// not go back (a time that does is taken as the last one).
/// </remarks>
internal sealed class SlidingWindow
{
    /// <summary>Slices of a window.</summary>
    public const int Slices = 60;

    private readonly long _sliceTicks;
    private readonly int _limit;
    private readonly int _burst;
    private readonly int[] _counts;
    private long _head = long.MinValue;
    private int _total;
    private TimeSpan? _lastRefused;
    private long _refused;

    public SlidingWindow(RateLimit limit)
    {
        _sliceTicks = SliceOf(limit).Ticks;
        _limit = limit.Requests;
        _burst = Math.Max(limit.Burst ?? limit.Requests, limit.Requests);
        _counts = new int[_burst > _limit ? (2 * Slices) + 1 : Slices + 1];
    }

    /// <summary>Counts a request if it is within the limit.</summary>
    /// <param name="now">Time since any fixed moment.</param>
    /// <param name="always">Count it in any case, for limits that only watch.</param>
    public WindowVerdict Take(TimeSpan now, bool always = false)
    {
        Advance(now);
        var used = Used(0);
        var allowed = Allowed();
        var within = used < allowed;
        if (within || always)
        {
            Count(_head, 1);
            used++;
        }

        if (!within)
        {
            (_refused, _lastRefused) = (_refused + 1, now);
        }

        return new(within, Math.Max(allowed - used, 0), ResetAt(within ? 1 : used - allowed + 1) - now);
    }

    /// <summary>Length of a slice: whole microseconds, rounded up, so that sixty of them are never shorter than the window.</summary>
    public static TimeSpan SliceOf(RateLimit limit) => TimeSpan.FromTicks((limit.Window.Ticks + (Slices * TimeSpan.TicksPerMicrosecond) - 1) / (Slices * TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond);

    /// <summary>Remembers what was decided elsewhere.</summary>
    public void Note(TimeSpan now, bool isWithin, bool always = false)
    {
        Advance(now);
        if (isWithin || always)
        {
            Count(_head, 1);
        }

        if (!isWithin)
        {
            (_refused, _lastRefused) = (_refused + 1, now);
        }
    }

    /// <summary>How far the limit is used, without using it.</summary>
    public WindowUse Look(TimeSpan now)
    {
        Advance(now);
        return new(Used(0), Allowed(), _refused, _lastRefused);
    }

    /// <summary>Gives back a request that was counted at this time, because something else refused it.</summary>
    public void GiveBack(TimeSpan at)
    {
        var slice = at.Ticks / _sliceTicks;
        if (slice <= _head && slice > _head - _counts.Length && _counts[Place(slice)] > 0)
        {
            Count(slice, -1);
        }
    }

    private int Allowed()
    {
        if (_burst == _limit)
        {
            return _limit;
        }

        var unused = Math.Max(_limit - Used(Slices), 0);
        return (int)Math.Min(_burst, (long)_limit + unused);
    }

    /// <summary>Requests in the window that ended some slices ago: all slices that may reach into it for the one now, the whole ones for one before.</summary>
    private int Used(int slicesAgo)
    {
        if (slicesAgo == 0 && _counts.Length == Slices + 1)
        {
            return _total; // there are no others
        }

        var used = 0;
        var (first, last) = slicesAgo == 0 ? (_head - Slices, _head) : (_head - slicesAgo - Slices, _head - slicesAgo - 1);
        var place = Place(first);
        for (var slice = first; slice <= last; slice++)
        {
            used += _counts[place];
            place = Next(place);
        }

        return used;
    }

    /// <summary>When so many of the counted requests will have left the window.</summary>
    private TimeSpan ResetAt(int requests)
    {
        var left = 0;
        var place = Place(_head - Slices);
        for (var slice = _head - Slices; slice <= _head; slice++)
        {
            left += _counts[place];
            place = Next(place);
            if (left >= requests)
            {
                return TimeSpan.FromTicks((slice + Slices + 1) * _sliceTicks);
            }
        }

        return TimeSpan.FromTicks((_head + 1) * _sliceTicks);
    }

    private void Advance(TimeSpan now)
    {
        var slice = now.Ticks / _sliceTicks;
        if (_head == long.MinValue || slice - _head >= _counts.Length)
        {
            Array.Clear(_counts);
            (_head, _total) = (slice, 0);
        }

        while (_head < slice)
        {
            ref var oldest = ref _counts[Place(++_head)];
            (_total, oldest) = (_total - oldest, 0);
        }
    }

    private void Count(long slice, int requests)
    {
        _counts[Place(slice)] += requests;
        _total += requests;
    }

    private int Next(int place) => place + 1 == _counts.Length ? 0 : place + 1;

    private int Place(long slice)
    {
        var place = (int)(slice % _counts.Length);
        return place < 0 ? place + _counts.Length : place;
    }
}
