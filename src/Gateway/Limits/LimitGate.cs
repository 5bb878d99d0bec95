using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Limits;

/// <summary>What a limit said of a request.</summary>
internal readonly record struct LimitVerdict(RateLimit Limit, WindowVerdict Verdict);

/// <summary>What all limits of a service said of a request.</summary>
/// <param name="All">Those that concern it.</param>
/// <param name="Refused">The first that refused it; null when it may pass.</param>
internal sealed record LimitOutcome(IReadOnlyList<LimitVerdict> All, LimitVerdict? Refused)
{
    public static LimitOutcome None { get; } = new([], null);
}

/// <summary>Asks every limit that concerns a request. A request that one of them refuses counts for none of them.</summary>
internal static class LimitGate
{
    public static LimitOutcome Check(IReadOnlyList<LimitCounters> limits, HttpContext context, IPAddress client, TimeSpan now)
    {
        if (limits.Count == 0)
        {
            return LimitOutcome.None;
        }

        var verdicts = new List<LimitVerdict>(limits.Count);
        var taken = new List<(LimitCounters Counters, string Caller)>(limits.Count);
        foreach (var counters in limits.Where(counters => Concerns(counters.Limit, context.Request)))
        {
            var caller = CallerOf(counters.Limit, context, client);
            var verdict = new LimitVerdict(counters.Limit, counters.Take(caller, now));
            verdicts.Add(verdict);
            if (!verdict.Verdict.IsWithin && !counters.Limit.Shadow)
            {
                taken.ForEach(entry => entry.Counters.GiveBack(entry.Caller, now));
                return new(verdicts, verdict);
            }

            taken.Add((counters, caller));
        }

        return new(verdicts, null);
    }

    private static bool Concerns(RateLimit limit, HttpRequest request) =>
        (limit.Methods.Count == 0 || limit.Methods.Contains(request.Method))
        && (limit.Paths.Count == 0 || limit.Paths.Any(path => Matches(path, request.Path.Value ?? "/")));

    private static bool Matches(string pattern, string path) =>
        pattern.EndsWith('*') ? path.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : path == pattern;

    /// <summary>Callers that lack what they are told apart by share one count: leaving it out must not be a way around the limit.</summary>
    private static string CallerOf(RateLimit limit, HttpContext context, IPAddress client) => limit.By switch
    {
        RateLimitKey.Address => Prefix(client),
        RateLimitKey.Header => Bounded(context.Request.Headers[limit.ByName].ToString()),
        RateLimitKey.Claim => Bounded(context.User.FindFirstValue(limit.ByName) ?? ""),
        _ => "",
    };

    /// <summary>A client has 64 bits of an IPv6 address to itself, and could use a new one for each request.</summary>
    private static string Prefix(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes).ToString();
    }

    /// <summary>What a caller sends is kept as the name of a count: not more than a name's length of it.</summary>
    private static string Bounded(string value) => value.Length <= 256 ? value : value[..256];
}
