using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers.Rendering;

namespace Operators.Traffic.Providers.Kong;

/// <summary>What Kong does with a request before it is passed on: the plugins of the HTTPRoute.</summary>
internal static class RoutePlugins
{
    /// <summary>Request headers that a page may always send (Fetch standard); with none named Kong would allow all that are asked for.</summary>
    private static readonly string[] SafelistedHeaders = ["Accept", "Accept-Language", "Content-Language", "Content-Type"];

    public static IEnumerable<DesiredObject> Plan(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        var traffic = snapshot.Policy.Traffic;
        if (traffic.Cors is { } cors)
        {
            yield return KongPlugin.Of(snapshot, "cors", Cors(cors, unsupported));
        }

        if (traffic.MaxRequestBytes is { } most)
        {
            yield return KongPlugin.Of(snapshot, "request-size-limiting", new JsonObject { ["allowed_payload_size"] = most, ["size_unit"] = "bytes" });
        }

        if (Credentials(snapshot, unsupported) is { } credentials)
        {
            yield return credentials;
        }
    }

    private static JsonObject Cors(CrossOrigin cors, UnsupportedSettings unsupported) => new JsonObject
    {
        ["origins"] = cors.AllowOrigins.Select(static origin => origin.Length > 1 && origin.Contains('*', StringComparison.Ordinal) ? $"^{PathExpression.Origin(origin)}$" : origin).ToJson(),
        ["methods"] = CorsFilter.MethodsOf(cors).ToJson(),
        ["headers"] = (cors.AllowHeaders.Count > 0 ? cors.AllowHeaders : SafelistedHeaders).ToJson(),
        ["credentials"] = cors.AllowCredentials,
        ["max_age"] = CorsFilter.MaxAgeSeconds(cors, unsupported),
    }.Put("exposed_headers", cors.ExposeHeaders.ToJson());

    /// <summary>
    /// Kong knows callers as KongConsumers, with credentials that are not ours to read and write. Its plugin is rendered all the same: until somebody
    /// makes the consumers it refuses everybody, where without it everybody would be let in.
    /// </summary>
    private static DesiredObject? Credentials(TrafficSnapshot snapshot, UnsupportedSettings unsupported)
    {
        const string Consumers = "Kong takes it from KongConsumers and their credentials; until there are some, every request is refused";
        var authentication = snapshot.Policy.Traffic.Authentication;
        if (authentication is { Jwt.Count: > 0 })
        {
            unsupported.Add("spec.authentication.jwt", Consumers);
            unsupported.AddIf(authentication.ApiKey is not null, "spec.authentication.apiKey", "Kong would ask for a token and a key; the token alone is asked for");
            return KongPlugin.Of(snapshot, "jwt", new JsonObject { ["key_claim_name"] = "iss", ["claims_to_verify"] = new JsonArray("exp") });
        }

        if (authentication?.ApiKey is { } keys)
        {
            unsupported.Add("spec.authentication.apiKey.secretName", Consumers);
            return KongPlugin.Of(snapshot, "key-auth", new JsonObject { ["key_names"] = new JsonArray(keys.Header), ["key_in_query"] = false, ["key_in_body"] = false });
        }

        return null;
    }
}
