using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Identity;

/// <summary>Issues and verifies the tokens of service accounts: JWTs (RFC 7519) signed with this cluster's own key (ES256).</summary>
/// <param name="key">The key.</param>
/// <param name="store">Where the service accounts are.</param>
/// <param name="clock">Time.</param>
internal sealed class ServiceAccountTokens(SigningKey key, ObjectStore store, TimeProvider clock)
{
    /// <summary>Who issues the tokens.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    private const string Prefix = "system:serviceaccount:";

    /// <summary>Issues a token.</summary>
    /// <param name="account">The service account.</param>
    /// <param name="audiences">Who it is meant for.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <param name="boundTo">Object without which it is void: <c>pod</c>, <c>secret</c> or <c>node</c>; null for none.</param>
    public (string Token, DateTimeOffset Expires) Issue(
        KubeObject account, IReadOnlyList<string> audiences, TimeSpan lifetime, (string Kind, string Name, string Uid)? boundTo)
    {
        var now = clock.GetUtcNow();
        var expires = now + lifetime;
        var identity = new JsonObject
        {
            ["namespace"] = account.Namespace,
            ["serviceaccount"] = new JsonObject { ["name"] = account.Name, ["uid"] = account.Uid },
        };
        if (boundTo is { } bound)
        {
            identity[bound.Kind] = new JsonObject { ["name"] = bound.Name, ["uid"] = bound.Uid };
        }

        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(a => JsonValue.Create(a))]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = identity,
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"{Prefix}{account.Namespace}:{account.Name}",
        };
        var content = $"{Encode(new JsonObject { ["alg"] = "ES256", ["kid"] = key.Id })}.{Encode(claims)}";
        return ($"{content}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(content)))}", expires);
    }

    /// <summary>Verifies a token.</summary>
    /// <returns>Whose it is and for whom, or why it is not valid.</returns>
    public (RequestUser? User, IReadOnlyList<string> Audiences, string? Error) Verify(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || Decode(parts[1]) is not { } claims)
        {
            return (null, [], "invalid bearer token");
        }

        if (!key.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), parts[2]))
        {
            return (null, [], "invalid bearer token: the signature is not this cluster's");
        }

        if (claims.Number("exp") < clock.GetUtcNow().ToUnixTimeSeconds())
        {
            return (null, [], "invalid bearer token: token has expired");
        }

        var identity = claims["kubernetes.io"];
        var ns = identity.Text("namespace");
        var (name, uid) = (identity.Text("serviceaccount.name"), identity.Text("serviceaccount.uid"));
        if (store.Current.Find("serviceaccounts", new(ns, name))?.Uid != uid)
        {
            return (null, [], "invalid bearer token: service account token has been invalidated");
        }

        var user = new RequestUser($"{Prefix}{ns}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"]) { Uid = uid };
        return (user, [.. claims.Items("aud").Select(a => (string)a!)], null);
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private static JsonObject? Decode(string part)
    {
        try
        {
            return JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
