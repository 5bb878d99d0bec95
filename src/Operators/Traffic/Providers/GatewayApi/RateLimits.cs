using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.GatewayApi;

/// <summary>
/// Limits of a BackendTrafficPolicy: local ones each proxy counts alone, global ones are counted over the Redis that Envoy Gateway is configured with.
/// Rules have no names, so the names of the limits are kept in an annotation, in their order.
/// </summary>
internal static class RateLimits
{
    /// <summary>Annotation: which limits the rules stand for.</summary>
    private const string NamesAnnotation = FleetApi.Group + "/limits";

    private const int MaxLocal = 16;

    private static readonly string[] EveryAddress = ["0.0.0.0/0", "::/0"];

    public static JsonObject? Of(EffectivePolicy policy, UnsupportedSettings unsupported)
    {
        var limits = policy.RateLimit;
        var shared = limits.Counter == LimitCounter.Shared;
        if (limits.Shadow == true && !shared)
        {
            unsupported.Add("spec.shadow", "Envoy Gateway tries limits out with counter Shared only; so that nobody is refused, local ones are left out");
            ReportAll(limits, unsupported, "left out while spec.shadow holds");
            return null;
        }

        List<JsonObject> rules = [];
        foreach (var limit in limits.Limits)
        {
            var own = Rules(limit, limits, shared).ToList();
            if (limit.By.Type == LimitKeyType.Claim && policy.Traffic.Authentication is not { Jwt.Count: > 0 })
            {
                unsupported.Add(Field(limit), "claims are known of tokens only, and spec.authentication.jwt takes none; the limit is left out");
            }
            else if (!shared && rules.Count + own.Count > MaxLocal)
            {
                unsupported.Add(Field(limit), $"Envoy Gateway takes {MaxLocal} local rules; the limit is left out");
            }
            else
            {
                unsupported.AddIf(limit.Burst is not null, $"{Field(limit)}.burst", "Envoy Gateway's limits have no burst beyond the limit");
                rules.AddRange(own);
            }
        }

        if (rules.Count == 0)
        {
            ReportIdle(limits, unsupported);
            return null;
        }

        var matches = policy.Traffic.Routes.Sum(static route => Math.Max(1, route.Matches.Count));
        unsupported.AddIf(!shared && matches > 1, "spec.counter", "each proxy counts alone, and therein each match of a route; counter Shared counts all together");
        return new JsonObject { [shared ? "global" : "local"] = new JsonObject { ["rules"] = rules.ToJson() } };
    }

    public static IReadOnlyDictionary<string, string> Names(RateLimitPolicySpec policy) => policy.Limits.Count == 0
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { [NamesAnnotation] = string.Join(',', policy.Limits.Select(static limit => limit.Name)) };

    /// <summary>The header in which the token's claim is handed to the limits.</summary>
    public static string ClaimHeader(string claim) => $"x-dabbawala-claim-{string.Concat(claim.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'))}";

    private static void ReportAll(RateLimitPolicySpec limits, UnsupportedSettings unsupported, string message)
    {
        foreach (var limit in limits.Limits)
        {
            unsupported.Add(Field(limit), message);
        }

        unsupported.AddIf(limits.Headers is not null, "spec.headers", message);
        unsupported.AddIf(limits.Counter is not null, "spec.counter", message);
    }

    private static void ReportIdle(RateLimitPolicySpec limits, UnsupportedSettings unsupported)
    {
        const string Idle = "there is no limit that it could hold for";
        unsupported.AddIf(limits.Counter is not null, "spec.counter", Idle);
        unsupported.AddIf(limits.Shadow is not null, "spec.shadow", Idle);
        unsupported.AddIf(limits.Headers is not null, "spec.headers", Idle);
    }

    /// <summary>One rule, but two for addresses: the older and the newer kind are ranges apart, and each address has a count of its own anyway.</summary>
    private static IEnumerable<JsonObject> Rules(RequestLimit limit, RateLimitPolicySpec policy, bool shared) => limit.By.Type == LimitKeyType.Address
        ? EveryAddress.Select(range => Rule(limit, policy, shared, range))
        : [Rule(limit, policy, shared, addresses: null)];

    private static JsonObject Rule(RequestLimit limit, RateLimitPolicySpec policy, bool shared, string? addresses) => new JsonObject
    {
        ["clientSelectors"] = new JsonArray(Selector(limit, addresses)),
        ["limit"] = new JsonObject { ["requests"] = limit.Requests, ["unit"] = limit.Per.ToString() },
        ["xRateLimitHeaders"] = policy.Headers == false ? "Off" : "DraftVersion03",
    }.Put("shared", shared ? true : null).Put("shadowMode", policy.Shadow == true ? true : null);

    /// <summary>There is always one: a local limit without would be the one default of the route, of which there can be no second.</summary>
    private static JsonObject Selector(RequestLimit limit, string? addresses) => new JsonObject
    {
        ["path"] = limit.Paths.Count == 0
            ? new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" }
            : new JsonObject { ["type"] = "RegularExpression", ["value"] = PathExpression.AnyOf(limit.Paths) },
    }
        .Put("methods", limit.Methods.Select(static method => new JsonObject { ["value"] = method }).ToJson())
        .Put("sourceCIDR", addresses is null ? null : new JsonObject { ["type"] = "Distinct", ["value"] = addresses })
        .Put("headers", limit.By.Type switch
        {
            LimitKeyType.Header => Distinct(limit.By.Name ?? ""),
            LimitKeyType.Claim => Distinct(ClaimHeader(limit.By.Name ?? "")),
            _ => null,
        });

    private static JsonArray Distinct(string header) => new(new JsonObject { ["name"] = header, ["type"] = "Distinct" });

    private static string Field(RequestLimit limit) => $"spec.limits[{limit.Name}]";
}
