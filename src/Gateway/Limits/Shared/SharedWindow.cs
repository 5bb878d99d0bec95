using System.Globalization;
using Gateway.Policies;
using StackExchange.Redis;

namespace Gateway.Limits.Shared;

/// <summary>
/// The window of one caller in Redis: the same slices as <see cref="SlidingWindow"/>, in a hash whose fields are the slices, counted by a script that no
/// other command can come between. The clock is Redis's own, so that gateways whose clocks differ count alike.
/// </summary>
internal static class SharedWindow
{
    /// <summary>Counts a request if it is within the limit.</summary>
    /// <remarks>
    /// KEYS: the window. ARGV: length of a slice in µs, slices of a window, limit, burst, 1 to count in any case, the time in µs or empty for Redis's own.
    /// Answers: 1 if within, what is left, µs until something is free again, the slice in which it was counted.
    /// </remarks>
    private const string Take = """
        local length, slices, limit, burst, always = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1'
        local now = tonumber(ARGV[6])
        if not now then
          local time = redis.call('TIME')
          now = time[1] * 1000000 + time[2]
        end
        local head = math.floor(now / length)
        local counts, used, before, old = {}, 0, 0, {}
        local all = redis.call('HGETALL', KEYS[1])
        for i = 1, #all, 2 do
          local slice, count = tonumber(all[i]), tonumber(all[i + 1])
          local age = head - slice
          if age <= slices then
            counts[slice] = count
            used = used + count
          elseif burst > limit and age <= 2 * slices then
            before = before + count
          else
            old[#old + 1] = all[i]
          end
        end
        if #old > 0 then redis.call('HDEL', KEYS[1], unpack(old)) end
        local allowed = limit
        if burst > limit then allowed = math.min(burst, limit + math.max(limit - before, 0)) end
        local within = used < allowed
        if within or always then
          counts[head] = redis.call('HINCRBY', KEYS[1], head, 1)
          used = used + 1
          redis.call('PEXPIRE', KEYS[1], math.ceil(length * (2 * slices + 1) / 1000))
        end
        local wanted, left, reset = within and 1 or used - allowed + 1, 0, head + 1
        for slice = head - slices, head do
          left = left + (counts[slice] or 0)
          if left >= wanted then
            reset = slice + slices + 1
            break
          end
        end
        return {within and 1 or 0, math.max(allowed - used, 0), math.floor(reset * length - now), head}
        """;

    /// <summary>Gives back a request. KEYS: the window. ARGV: the slice in which it was counted.</summary>
    private const string GiveBack = """
        if tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') > 0 then redis.call('HINCRBY', KEYS[1], ARGV[1], -1) end
        """;

    /// <param name="database">Where it is counted.</param>
    /// <param name="key">Names the window.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="now">The time, for tests; null for Redis's own.</param>
    /// <returns>What the window says, and the slice in which the request was counted.</returns>
    public static async Task<(WindowVerdict Verdict, long Slice)> TakeAsync(IDatabase database, string key, RateLimit limit, TimeSpan? now = null)
    {
        var length = SlidingWindow.SliceOf(limit).Ticks / TimeSpan.TicksPerMicrosecond;
        RedisValue[] arguments = [length, SlidingWindow.Slices, limit.Requests, Math.Max(limit.Burst ?? 0, limit.Requests), limit.Shadow ? 1 : 0, now is { } time ? ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture) : ""];
        var answer = (RedisResult[])(await database.ScriptEvaluateAsync(Take, [key], arguments))!;
        return (new((int)answer[0] == 1, (int)answer[1], TimeSpan.FromMicroseconds((long)answer[2])), (long)answer[3]);
    }

    public static Task GiveBackAsync(IDatabase database, string key, long slice) => database.ScriptEvaluateAsync(GiveBack, [key], [slice]);
}
