using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gateway.Limits;

/// <summary>
/// Tells callers their limits (draft-ietf-httpapi-ratelimit-headers-10): <c>RateLimit-Policy: "login";q=5;w=60</c> what is allowed, and
/// <c>RateLimit: "login";r=3;t=20</c> what is left, and for how many seconds that holds.
/// </summary>
internal static class LimitHeaders
{
    public static void WriteWhenAnswered(HttpContext context, LimitOutcome outcome)
    {
        foreach (var verdict in outcome.All)
        {
            if (IsTold(verdict))
            {
                // At the last moment: a try that failed takes its headers with it.
                context.Response.OnStarting(Write, new Told(context.Response, outcome));
                return;
            }
        }
    }

    private static Task Write(object state)
    {
        var (response, outcome) = (Told)state;
        response.Headers["RateLimit-Policy"] = Join(outcome, Policy);
        response.Headers["RateLimit"] = Join(outcome, State);
        return Task.CompletedTask;
    }

    private static string Join(LimitOutcome outcome, Func<LimitVerdict, string> text)
    {
        string? joined = null;
        foreach (var verdict in outcome.All)
        {
            if (IsTold(verdict))
            {
                joined = joined is null ? text(verdict) : $"{joined}, {text(verdict)}"; // hardly ever more than one
            }
        }

        return joined!;
    }

    private static bool IsTold(LimitVerdict verdict) => verdict.Limit is { Headers: true, Shadow: false };

    private static string Policy(LimitVerdict verdict) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{verdict.Limit.Name}\";q={verdict.Limit.Requests};w={(long)verdict.Limit.Window.TotalSeconds}");

    private static string State(LimitVerdict verdict) => string.Create(
        CultureInfo.InvariantCulture, $"\"{verdict.Limit.Name}\";r={verdict.Verdict.Remaining};t={Math.Max((long)Math.Ceiling(verdict.Verdict.Reset.TotalSeconds), 1)}");

    private sealed record Told(HttpResponse Response, LimitOutcome Outcome);
}
