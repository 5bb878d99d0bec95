using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using LocalCluster.Api;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Auditing;

/// <summary>
/// Tells of answered writes as an API server's audit webhook does (<c>audit.k8s.io/v1</c>), so that an edit by kubectl is on record in the demo
/// too. Not of what runs in this process: the operators put their writes on record themselves, and the simulated controllers play the cluster.
/// </summary>
/// <param name="sink">Who is told; null for nobody.</param>
/// <param name="clock">Time.</param>
internal sealed class RequestAudit(Action<JsonObject>? sink, TimeProvider clock)
{
    /// <summary>Tells of a request that was answered; says nothing of one that wrote nothing.</summary>
    public void Answered(ResourceRequest request, DateTimeOffset received)
    {
        var http = request.Http;
        if (sink is null || !IsWrite(http.Request) || http.Request.Headers.UserAgent.ToString() == KubeConnection.UserAgent)
        {
            return;
        }

        sink(new JsonObject
        {
            ["level"] = "RequestResponse",
            ["auditID"] = Guid.NewGuid().ToString(),
            ["stage"] = "ResponseComplete",
            ["requestURI"] = $"{http.Request.Path}{http.Request.QueryString}",
            ["verb"] = Verb(request),
            ["user"] = request.User.ToJson(),
            ["sourceIPs"] = new JsonArray(http.Connection.RemoteIpAddress?.ToString() ?? ""),
            ["userAgent"] = http.Request.Headers.UserAgent.ToString(),
            ["objectRef"] = ObjectOf(request),
            ["responseStatus"] = new JsonObject { ["code"] = http.Response.StatusCode },
            ["responseObject"] = StoredOf(request),
            ["requestReceivedTimestamp"] = Time(received),
            ["stageTimestamp"] = Time(clock.GetUtcNow()),
        });
    }

    private static bool IsWrite(HttpRequest request) => request.Method is "POST" or "PUT" or "PATCH" or "DELETE";

    private static string Verb(ResourceRequest request) => request.Http.Request.Method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        _ => request.Path.Name.Length == 0 ? "deletecollection" : "delete",
    };

    private static JsonObject ObjectOf(ResourceRequest request) => new()
    {
        ["resource"] = request.Path.Resource,
        ["namespace"] = request.Path.Namespace,
        ["name"] = request.Path.Name.Length > 0 ? request.Path.Name : request.Answered?.Key.Name ?? "",
        ["apiGroup"] = request.Path.Group,
        ["apiVersion"] = request.Path.Version,
        ["subresource"] = request.Path.Subresource,
    };

    /// <summary>Of custom resources what was answered; of built-in ones nothing, as they may hold secrets.</summary>
    private static JsonNode? StoredOf(ResourceRequest request) =>
        request.Path.Group.Contains('.', StringComparison.Ordinal) && !request.Path.Group.EndsWith(".k8s.io", StringComparison.Ordinal) && request.Answered is { } answered
            ? JsonNode.Parse(answered.Json)
            : null;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
