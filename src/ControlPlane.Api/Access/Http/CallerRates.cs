using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Access.Http;

/// <summary>
/// How often one caller may ask, and how many may have a password checked at once. Partitions are by credential, of which there are only so many;
/// addresses, which anybody can make up, are counted by the throttle and the suspicion gauge instead, in tables of a fixed size.
/// </summary>
public static class CallerRates
{
    private const string PerCaller = "caller";
    private const string PasswordChecks = "password";

    private const int Burst = 2000;
    private const int PerSecond = 200;
    private const int ChecksAtOnce = 8;
    private const int ChecksWaiting = 64;

    /// <summary>Limits what one caller may ask of endpoints: 200 a second, 2,000 at once.</summary>
    public static T LimitsCallers<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.RequireRateLimiting(PerCaller);

    /// <summary>Limits how many may have a password checked at once: each check takes its time and 19 MiB.</summary>
    public static T LimitsPasswordChecks<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.RequireRateLimiting(PasswordChecks);

    internal static IServiceCollection Add(IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.AddPolicy(PerCaller, static context => RateLimitPartition.GetTokenBucketLimiter(
            context.Features.Get<Caller>()?.Id ?? Caller.Nobody.Id,
            static _ => new TokenBucketRateLimiterOptions { TokenLimit = Burst, TokensPerPeriod = PerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 }));
        limits.AddPolicy(PasswordChecks, static _ => RateLimitPartition.GetConcurrencyLimiter(
            PasswordChecks, static _ => new ConcurrencyLimiterOptions { PermitLimit = ChecksAtOnce, QueueLimit = ChecksWaiting }));
        limits.OnRejected = static (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            throw new RequestException(HttpStatusCode.TooManyRequests, "rate", "too many requests at once: wait, then go on more slowly");
        };
    });
}
