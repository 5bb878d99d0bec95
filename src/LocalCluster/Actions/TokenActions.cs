using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Identity;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Storage;

namespace LocalCluster.Actions;

/// <summary>Issues a token of a service account.</summary>
/// <param name="tokens">Issues it.</param>
/// <param name="store">Where service accounts and what tokens are bound to are.</param>
internal sealed class RequestToken(ServiceAccountTokens tokens, ObjectStore store) : IObjectAction
{
    private const long ShortestSeconds = 600;
    private const long LongestSeconds = 1L << 32;
    private const long UsualSeconds = 3600;

    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("serviceaccounts", "token");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var body = await ActionAnswer.ReadAsync(request);
        var stored = store.Current.Find("serviceaccounts", request.Key) ?? throw StatusErrors.NotFound(request.Resource.Type, request.Path.Name);
        var spec = body.ObjectAt("spec");
        var seconds = spec.At("expirationSeconds") is null ? UsualSeconds : spec.Number("expirationSeconds");
        if (seconds is < ShortestSeconds or > LongestSeconds)
        {
            throw StatusErrors.Invalid(
                "authentication.k8s.io",
                "TokenRequest",
                request.Path.Name,
                [
                    FieldError.Invalid(
                        "spec.expirationSeconds",
                        seconds,
                        seconds < ShortestSeconds ? "may not specify a duration less than 10 minutes" : "may not specify a duration larger than 2^32 seconds"),
                ]);
        }

        if (spec.Items("audiences").Count == 0)
        {
            spec["audiences"] = new JsonArray(ServiceAccountTokens.Issuer);
        }

        spec["expirationSeconds"] = seconds;
        var (token, expires) = tokens.Issue(
            KubeObject.Parse(stored), [.. spec.Items("audiences").Select(a => (string)a!)], TimeSpan.FromSeconds(seconds), BoundTo(request, spec));
        var status = new JsonObject { ["token"] = token, ["expirationTimestamp"] = KubeObject.FormatTime(expires) };
        await ActionAnswer.ReviewedAsync(request, "authentication.k8s.io/v1", "TokenRequest", body, status);
    }

    private (string Kind, string Name, string Uid)? BoundTo(ResourceRequest request, JsonObject spec)
    {
        if (spec["boundObjectRef"] is not { } reference)
        {
            return null;
        }

        var (kind, name) = (reference.Text("kind"), reference.Text("name"));
        var (resource, ns) = kind switch
        {
            "Pod" => ("pods", request.Path.Namespace),
            "Secret" => ("secrets", request.Path.Namespace),
            "Node" => ("nodes", ""),
            _ => throw StatusErrors.BadRequest($"cannot bind token for serviceaccount \"{request.Path.Name}\" to object of kind \"{kind}\""),
        };
        var bound = store.Current.Find(resource, new(ns, name))
            ?? throw StatusErrors.NotFound(new(string.Empty, "v1", resource, kind, ns.Length > 0), name);
        return reference.Text("uid") is { Length: > 0 } uid && uid != bound.Uid
            ? throw StatusErrors.Conflict(
                request.Resource.Type,
                name,
                $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated")
            : (kind.ToLowerInvariant(), name, bound.Uid);
    }
}

/// <summary>Tells whose a token is.</summary>
/// <param name="tokens">Verifies it.</param>
internal sealed class ReviewToken(ServiceAccountTokens tokens) : IObjectAction
{
    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("tokenreviews.authentication.k8s.io", "");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var body = await ActionAnswer.ReadAsync(request);
        if (body.Text("spec.token").Length == 0)
        {
            throw StatusErrors.BadRequest("token is required for TokenReview in authentication");
        }

        var (user, audiences, error) = tokens.Verify(body.Text("spec.token"));
        var wanted = body.Items("spec.audiences").Select(a => (string)a!).DefaultIfEmpty(ServiceAccountTokens.Issuer).ToList();
        var shared = wanted.Intersect(audiences).ToList();
        var status = user is not null && shared.Count > 0
            ? new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = user.ToJson(),
                ["audiences"] = new JsonArray([.. shared.Select(a => JsonValue.Create(a))]),
            }
            : new JsonObject { ["user"] = new JsonObject(), ["error"] = error ?? "the token is meant for others" };
        await ActionAnswer.ReviewedAsync(request, request.Resource.Type.ApiVersion, request.Resource.Type.Kind, body, status);
    }
}
