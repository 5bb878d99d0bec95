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
        var told = outcome.All.Where(verdict => verdict.Limit is { Headers: true, Shadow: false }).ToList();
        if (told.Count == 0)
        {
            return;
        }

        // At the last moment: a try that failed takes its headers with it.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["RateLimit-Policy"] = string.Join(", ", told.Select(Policy));
            context.Response.Headers["RateLimit"] = string.Join(", ", told.Select(State));
            return Task.CompletedTask;
        });
    }

    private static string Policy(LimitVerdict verdict) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{verdict.Limit.Name}\";q={verdict.Limit.Requests};w={(long)verdict.Limit.Window.TotalSeconds}");

    private static string State(LimitVerdict verdict) => string.Create(
        CultureInfo.InvariantCulture, $"\"{verdict.Limit.Name}\";r={verdict.Verdict.Remaining};t={Math.Max((long)Math.Ceiling(verdict.Verdict.Reset.TotalSeconds), 1)}");
}
