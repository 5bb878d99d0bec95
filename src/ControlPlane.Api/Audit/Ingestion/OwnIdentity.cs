using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>Who the API server takes this process for.</summary>
internal sealed class OwnIdentity
{
    private static readonly ResourceType Reviews = new("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", Namespaced: false);
    private static readonly WriteOptions Write = new() { FieldManager = FleetApi.ConsoleFieldManager };

    private readonly KubeApi? _api;
    private volatile string? _username;

    /// <param name="api">Is asked at first need.</param>
    public OwnIdentity(KubeApi api) => _api = api;

    /// <param name="username">It is known.</param>
    public OwnIdentity(string username) => _username = username;

    /// <summary>The user name; null while the API server does not tell. Then our own writes count as somebody's: rather twice on record than not at all.</summary>
    public async ValueTask<string?> UsernameAsync(CancellationToken cancellationToken)
    {
        if (_username is { } known)
        {
            return known;
        }

        var review = new JsonObject { ["apiVersion"] = Reviews.ApiVersion, ["kind"] = Reviews.Kind };
        try
        {
            var answer = await _api!.CreateAsync(Reviews, "", JsonSerializer.SerializeToUtf8Bytes(review, KubeJson.Options), Write, cancellationToken);
            return _username = (string?)JsonNode.Parse(answer)?["status"]?["userInfo"]?["username"];
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException)
        {
            return null;
        }
    }
}
