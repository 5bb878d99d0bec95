using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Resources;

namespace LocalCluster.Actions;

/// <summary>Answers who may do what: on this cluster everybody may do everything.</summary>
/// <param name="plural">Plural name of the review.</param>
internal sealed class AccessReview(string plural) : IObjectAction
{
    /// <summary>Why it is allowed.</summary>
    public const string Reason = "this local cluster allows everything";

    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ($"{plural}.authorization.k8s.io", "");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var body = await ActionAnswer.ReadAsync(request);
        var status = plural == "selfsubjectrulesreviews" ? AllRules() : new JsonObject { ["allowed"] = true, ["reason"] = Reason };
        await ActionAnswer.ReviewedAsync(request, request.Resource.Type.ApiVersion, request.Resource.Type.Kind, body, status);
    }

    private static JsonObject AllRules() => new()
    {
        ["resourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") }),
        ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }),
        ["incomplete"] = false,
    };
}

/// <summary>Answers who the client is.</summary>
internal sealed class SelfReview : IObjectAction
{
    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("selfsubjectreviews.authentication.k8s.io", "");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var body = await ActionAnswer.ReadAsync(request);
        await ResponseBody.WriteAsync(request.Http, 201, new JsonObject
        {
            ["kind"] = "SelfSubjectReview",
            ["apiVersion"] = request.Resource.Type.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
            ["status"] = new JsonObject { ["userInfo"] = request.User.ToJson() },
        });
    }
}
