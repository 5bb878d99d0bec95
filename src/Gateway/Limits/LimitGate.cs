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
    public static ValueTask<LimitOutcome> CheckAsync(IReadOnlyList<ILimitCounter> limits, HttpContext context, IPAddress client, TimeSpan now) =>
        limits.Count == 0 ? new(LimitOutcome.None) : AskAsync(limits, context, client, now);

    private static async ValueTask<LimitOutcome> AskAsync(IReadOnlyList<ILimitCounter> limits, HttpContext context, IPAddress client, TimeSpan now)
    {
        var verdicts = new List<LimitVerdict>(limits.Count);
        var taken = new List<(ILimitCounter Counter, string Caller, WindowVerdict Verdict)>(limits.Count);
        foreach (var counter in limits)
        {
            if (!Concerns(counter.Limit, context.Request))
            {
                continue;
            }

            var caller = CallerOf(counter.Limit, context, client);
            var verdict = new LimitVerdict(counter.Limit, await counter.TakeAsync(caller, now, context.RequestAborted));
            verdicts.Add(verdict);
            if (!verdict.Verdict.IsWithin && !counter.Limit.Shadow)
            {
                foreach (var entry in taken)
                {
                    await entry.Counter.GiveBackAsync(entry.Caller, now, entry.Verdict, context.RequestAborted);
                }

                return new(verdicts, verdict);
            }

            taken.Add((counter, caller, verdict.Verdict));
        }

        return new(verdicts, null);
    }

    private static bool Concerns(RateLimit limit, HttpRequest request) =>
        PathPatterns.Names(limit.Methods, request.Method) && PathPatterns.Cover(limit.Paths, request.Path.Value ?? "/");

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
