using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Istio;

/// <summary>
/// Limits, counted by each pod's own sidecar. Istio has no API of its own for them, so they are Envoy's filter, once for each limit: a bucket of
/// tokens that is filled once in a window. A limit that tells callers or requests apart has its bucket at a descriptor, which only what counts
/// bears; the filter's own bucket is then one that is never empty.
/// </summary>
internal static class LocalRateLimits
{
    private const string Filter = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
    private const long Endless = uint.MaxValue;

    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var policy = snapshot.Policy.RateLimit;
        unsupported.AddIf(policy.Counter == LimitCounter.Shared, "spec.counter", "each sidecar counts alone");
        foreach (var byClaim in policy.Limits.Where(static limit => limit.By.Type == LimitKeyType.Claim))
        {
            unsupported.Add($"spec.limits[{byClaim.Name}]", "Istio can't tell callers apart by a claim; the limit is left out");
        }

        var limits = policy.Limits.Where(static limit => limit.By.Type != LimitKeyType.Claim).ToList();
        if (limits.Count == 0)
        {
            ReportIdle(policy, unsupported);
            return null;
        }

        if (PodSelection.Of(snapshot) is not { } pods)
        {
            limits.ForEach(limit => unsupported.Add($"spec.limits[{limit.Name}]", IstioText.UnknownPods));
            ReportIdle(policy, unsupported);
            return null;
        }

        return TrafficObject.WithSpec(TrafficKinds.EnvoyFilters, snapshot.Service, "limits", new JsonObject
        {
            ["workloadSelector"] = new JsonObject { ["labels"] = pods },
            ["configPatches"] = limits.Select(limit => Patch(limit, policy)).ToJson(),
        });
    }

    private static void ReportIdle(RateLimitPolicySpec policy, UnsupportedSettings unsupported)
    {
        unsupported.AddIf(policy.Shadow is not null, "spec.shadow", "there is no limit that it could hold for");
        unsupported.AddIf(policy.Headers is not null, "spec.headers", "there is no limit that it could hold for");
    }

    private static JsonObject Patch(RequestLimit limit, RateLimitPolicySpec policy) => new()
    {
        ["applyTo"] = "HTTP_FILTER",
        ["match"] = new JsonObject
        {
            ["context"] = "SIDECAR_INBOUND",
            ["listener"] = new JsonObject
            {
                ["filterChain"] = new JsonObject
                {
                    ["filter"] = new JsonObject
                    {
                        ["name"] = "envoy.filters.network.http_connection_manager",
                        ["subFilter"] = new JsonObject { ["name"] = "envoy.filters.http.router" },
                    },
                },
            },
        },
        ["patch"] = new JsonObject
        {
            ["operation"] = "INSERT_BEFORE",
            ["value"] = new JsonObject { ["name"] = $"dabbawala.limits.{limit.Name}", ["typed_config"] = Configuration(limit, policy) },
        },
    };

    private static JsonObject Configuration(RequestLimit limit, RateLimitPolicySpec policy)
    {
        var actions = Actions(limit).ToList();
        var configuration = new JsonObject
        {
            ["@type"] = Filter,
            ["stat_prefix"] = $"dabbawala_{limit.Name}",
            ["token_bucket"] = actions.Count == 0 ? Bucket(limit) : Bucket(Endless, Endless, Seconds(LimitWindow.Second)),
            ["filter_enabled"] = Share(100),
            ["filter_enforced"] = Share(policy.Shadow == true ? 0 : 100),
        };
        if (actions.Count > 0)
        {
            configuration["always_consume_default_token_bucket"] = false;
            configuration["rate_limits"] = new JsonArray(new JsonObject { ["actions"] = actions.Select(static action => action.Action).ToJson() });
            configuration["descriptors"] = new JsonArray(new JsonObject
            {
                ["entries"] = actions.Select(static action => action.Entry).ToJson(),
                ["token_bucket"] = Bucket(limit),
            });
        }

        if (policy.Headers != false)
        {
            configuration["enable_x_ratelimit_headers"] = "DRAFT_VERSION_03";
            configuration["response_headers_to_add"] = new JsonArray(new JsonObject
            {
                ["append_action"] = "APPEND_IF_EXISTS_OR_ADD",
                ["header"] = new JsonObject { ["key"] = "RateLimit-Policy", ["value"] = PolicyHeader(limit) },
            });
        }

        return configuration;
    }

    /// <summary>What a request must be to count, and by what its caller is told apart: Envoy's action, and the entry that the bucket waits for.</summary>
    private static IEnumerable<(JsonObject Action, JsonObject Entry)> Actions(RequestLimit limit)
    {
        List<JsonObject> headers = [];
        if (limit.Methods.Count > 0)
        {
            headers.Add(HeaderMatch(":method", string.Join('|', limit.Methods)));
        }

        if (limit.Paths.Count > 0)
        {
            headers.Add(HeaderMatch(":path", PathExpression.AnyOf(limit.Paths)));
        }

        if (headers.Count > 0)
        {
            yield return (
                new JsonObject { ["header_value_match"] = new JsonObject { ["descriptor_key"] = "request", ["descriptor_value"] = limit.Name, ["headers"] = headers.ToJson() } },
                new JsonObject { ["key"] = "request", ["value"] = limit.Name });
        }

        // An entry without a value stands for any, each with a bucket of its own.
        switch (limit.By.Type)
        {
            case LimitKeyType.Address:
                yield return (new JsonObject { ["remote_address"] = new JsonObject() }, new JsonObject { ["key"] = "remote_address" });
                break;
            case LimitKeyType.Header:
                yield return (
                    new JsonObject { ["request_headers"] = new JsonObject { ["header_name"] = limit.By.Name, ["descriptor_key"] = "caller" } },
                    new JsonObject { ["key"] = "caller" });
                break;
            default:
                break;
        }
    }

    private static JsonObject HeaderMatch(string name, string expression) => new()
    {
        ["name"] = name,
        ["string_match"] = new JsonObject { ["safe_regex"] = new JsonObject { ["regex"] = expression } },
    };

    private static JsonObject Bucket(RequestLimit limit) => Bucket(limit.Burst ?? limit.Requests, limit.Requests, Seconds(limit.Per));

    private static JsonObject Bucket(long most, long fill, int seconds) => new() { ["max_tokens"] = most, ["tokens_per_fill"] = fill, ["fill_interval"] = $"{Number(seconds)}s" };

    private static JsonObject Share(int percent) => new() { ["default_value"] = new JsonObject { ["numerator"] = percent, ["denominator"] = "HUNDRED" } };

    /// <summary>The refused caller is told the limit by name, in the form of draft-ietf-httpapi-ratelimit-headers.</summary>
    private static string PolicyHeader(RequestLimit limit) => $"\"{limit.Name}\";q={Number(limit.Requests)};w={Number(Seconds(limit.Per))}";

    private static int Seconds(LimitWindow window) => window switch
    {
        LimitWindow.Second => 1,
        LimitWindow.Minute => 60,
        LimitWindow.Hour => 3600,
        _ => 86400,
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
