using System.Text.Json.Nodes;
using LocalCluster.Api;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Actions;

/// <summary>Reads and answers what actions are asked.</summary>
internal static class ActionAnswer
{
    /// <summary>Reads the body, in the kind that the path takes.</summary>
    public static async Task<JsonObject> ReadAsync(ResourceRequest request) =>
        (await RequestBody.ReadObjectAsync(request.Http.Request, request.Aborted)).Object;

    /// <summary>Answers that it was done.</summary>
    public static Task DoneAsync(ResourceRequest request) => ResponseBody.WriteAsync(request.Http, StatusCodes.Status201Created, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["code"] = StatusCodes.Status201Created,
    });

    /// <summary>Answers with the question and what is to be said to it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="apiVersion">Group and version of the kind.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="body">The question.</param>
    /// <param name="status">The answer.</param>
    public static Task ReviewedAsync(ResourceRequest request, string apiVersion, string kind, JsonObject body, JsonObject status) =>
        ResponseBody.WriteAsync(request.Http, StatusCodes.Status201Created, new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = apiVersion,
            ["metadata"] = body["metadata"]?.DeepClone() ?? new JsonObject { ["creationTimestamp"] = null },
            ["spec"] = body["spec"]?.DeepClone() ?? new JsonObject(),
            ["status"] = status,
        });
}
