using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Kong;

/// <summary>
/// Limits as Kong's plugin counts them: one plugin for a Service, which tells callers apart in one way, and has one limit for each length of a window.
/// Longer windows must allow no less than shorter ones.
/// </summary>
internal static class RateLimiting
{
    public static DesiredObject? Plan(TrafficSnapshot snapshot, SharedCounterStore? counters, UnsupportedSettings unsupported)
    {
        var policy = snapshot.Policy.RateLimit;
        var limits = Expressible(policy, unsupported);
        if (limits.Count == 0)
        {
            ReportIdle(policy, unsupported);
            return null;
        }

        var configuration = new JsonObject
        {
            ["limit_by"] = limits[0].By.Type switch
            {
                LimitKeyType.Address => "ip",
                LimitKeyType.Header => "header",
                _ => "service",
            },
            ["policy"] = "local",
            ["hide_client_headers"] = policy.Headers == false,
            ["error_message"] = $"over the limit {string.Join(" or ", limits.Select(static limit => limit.Name))}",
        }.Put("header_name", limits[0].By.Type == LimitKeyType.Header ? limits[0].By.Name : null);
        foreach (var limit in limits)
        {
            configuration[limit.Per.ToString().ToLowerInvariant()] = limit.Requests;
            unsupported.AddIf(limit.Burst is not null, $"spec.limits[{limit.Name}].burst", "Kong's limits have no burst beyond the limit");
        }

        if (policy.Counter == LimitCounter.Shared)
        {
            Share(configuration, counters, unsupported);
        }

        return KongPlugin.Of(snapshot, "rate-limiting", configuration);
    }

    private static void Share(JsonObject configuration, SharedCounterStore? counters, UnsupportedSettings unsupported)
    {
        if (counters is null)
        {
            unsupported.Add("spec.counter", "no Redis is configured for Kong to count in; each proxy counts alone");
            return;
        }

        configuration["policy"] = "redis";
        configuration["fault_tolerant"] = true;
        configuration["redis"] = new JsonObject { ["host"] = counters.Host, ["port"] = counters.Port };
    }

    private static List<RequestLimit> Expressible(RateLimitPolicySpec policy, UnsupportedSettings unsupported)
    {
        if (policy.Shadow == true)
        {
            unsupported.Add("spec.shadow", "Kong can't try limits out; so that nobody is refused, they are left out");
        }

        List<RequestLimit> kept = [];
        foreach (var limit in policy.Limits.OrderByDescending(static limit => limit.Per))
        {
            if (Lack(limit, policy, kept) is { } lack)
            {
                unsupported.Add($"spec.limits[{limit.Name}]", $"{lack}; the limit is left out");
            }
            else
            {
                kept.Add(limit);
            }
        }

        return kept;
    }

    private static string? Lack(RequestLimit limit, RateLimitPolicySpec policy, List<RequestLimit> kept) =>
        policy.Shadow == true ? "Kong can't try limits out"
        : limit.By.Type == LimitKeyType.Claim ? "Kong can't tell callers apart by a claim"
        : limit.Methods.Count > 0 || limit.Paths.Count > 0 ? "Kong counts all requests to a service alike"
        : kept.Any(other => other.By != limit.By) ? $"Kong tells callers apart in one way for a service, which is that of {kept[0].Name}"
        : kept.Any(other => other.Per == limit.Per) ? $"Kong has one limit for a {limit.Per.ToString().ToLowerInvariant()}, which is {kept.First(other => other.Per == limit.Per).Name}"
        : kept.Any(other => other.Requests < limit.Requests) ? $"Kong allows no more in a shorter time than in a longer, which {kept.First(other => other.Requests < limit.Requests).Name} is for"
        : null;

    private static void ReportIdle(RateLimitPolicySpec policy, UnsupportedSettings unsupported)
    {
        const string Idle = "there is no limit that it could hold for";
        unsupported.AddIf(policy.Counter is not null, "spec.counter", Idle);
        unsupported.AddIf(policy.Shadow == false, "spec.shadow", Idle);
        unsupported.AddIf(policy.Headers is not null, "spec.headers", Idle);
    }
}
