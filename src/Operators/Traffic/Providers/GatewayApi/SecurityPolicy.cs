using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.GatewayApi;

/// <summary>What Envoy Gateway asks callers for: tokens or keys, and pages of other origins.</summary>
internal static class SecurityPolicy
{
    private const int MaxAudiences = 8;

    public static DesiredObject? Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        var spec = RouteTarget.Of(snapshot);
        var targets = spec.Count;
        spec.Put("cors", Cors(traffic.Cors));
        if (traffic.Authentication is { Jwt.Count: > 0 } tokens)
        {
            unsupported.AddIf(tokens.ApiKey is not null, "spec.authentication.apiKey", "Envoy Gateway would ask for a token and a key; the token alone is asked for");
            spec["jwt"] = new JsonObject { ["providers"] = tokens.Jwt.Select((issuer, index) => Issuer(issuer, index, snapshot.Policy.RateLimit, unsupported)).ToJson() };
        }
        else if (traffic.Authentication?.ApiKey is { } keys)
        {
            spec["apiKeyAuth"] = new JsonObject
            {
                ["credentialRefs"] = new JsonArray(new JsonObject { ["group"] = "", ["kind"] = "Secret", ["name"] = keys.SecretName }),
                ["extractFrom"] = new JsonArray(new JsonObject { ["headers"] = new JsonArray(keys.Header) }),
            };
        }

        return spec.Count == targets ? null : TrafficObject.WithSpec(TrafficKinds.SecurityPolicies, snapshot.Service, part: null, spec);
    }

    private static JsonObject? Cors(CrossOrigin? cors) => cors is null
        ? null
        : new JsonObject()
            .Put("allowOrigins", cors.AllowOrigins.ToJson())
            .Put("allowMethods", CorsFilter.MethodsOf(cors).ToJson())
            .Put("allowHeaders", cors.AllowHeaders.ToJson())
            .Put("exposeHeaders", cors.ExposeHeaders.ToJson())
            .Put("allowCredentials", cors.AllowCredentials ? true : null)
            .Put("maxAge", cors.MaxAge);

    private static JsonObject Issuer(TokenIssuer issuer, int index, RateLimitPolicySpec limits, UnsupportedSettings unsupported)
    {
        unsupported.AddIf(issuer.Audiences.Count > MaxAudiences, "spec.authentication.jwt.audiences", $"Envoy Gateway takes {MaxAudiences}; those after are refused");
        return new JsonObject
        {
            ["name"] = $"issuer-{index.ToString(CultureInfo.InvariantCulture)}",
            ["issuer"] = issuer.Issuer,
            ["remoteJWKS"] = new JsonObject { ["uri"] = issuer.JwksUri },
        }
            .Put("audiences", issuer.Audiences.Take(MaxAudiences).ToJson())
            .Put("claimToHeaders", Headers(issuer, limits).ToJson());
    }

    /// <summary>What the service asks for, and what limits tell callers apart by.</summary>
    private static IEnumerable<JsonObject> Headers(TokenIssuer issuer, RateLimitPolicySpec limits) => issuer.ClaimToHeaders
        .Select(static header => (header.Claim, header.Header))
        .Concat(limits.Limits.Where(static limit => limit.By.Type == LimitKeyType.Claim).Select(static limit => (Claim: limit.By.Name ?? "", Header: RateLimits.ClaimHeader(limit.By.Name ?? ""))))
        .Distinct()
        .Select(static header => new JsonObject { ["claim"] = header.Claim, ["header"] = header.Header });
}
