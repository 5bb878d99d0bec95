using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Applying;
using LocalCluster.Errors;
using LocalCluster.Patching;
using LocalCluster.Registry;
using LocalCluster.Resources;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>Patches objects.</summary>
/// <param name="updater">Changes them.</param>
internal sealed class PatchHandler(ObjectUpdater updater)
{
    private const string ApplyType = "application/apply-patch+yaml";
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const int MaxOperations = 10_000;

    /// <summary>Answers a PATCH of an object or of a part of it.</summary>
    public async Task HandleAsync(ResourceRequest request, Representation representation)
    {
        var type = RequestBody.MediaType(request.Http.Request);
        string[] accepted = request.Resource.IsCustom
            ? [JsonPatchType, MergePatchType, ApplyType]
            : [JsonPatchType, MergePatchType, StrategicType, ApplyType];
        if (!accepted.Contains(type))
        {
            throw StatusErrors.UnsupportedMediaType(accepted);
        }

        var options = WriteOptions.ForPatch(request, apply: type == ApplyType);
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Aborted);
        var change = new ObjectChange(request.Resource, request.Key, request.Path.Subresource, Change(request, options, Read(type, body, request.Resource)));
        var (stored, created) = await updater.UpdateAsync(change, request.Registry(options.DryRun));
        await ResponseBody.WriteAsync(
            request.Http,
            representation,
            created ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            ObjectRendering.For(request, representation).One(stored));
    }

    private static Func<KubeObject?, KubeObject> Change(ResourceRequest request, WriteOptions options, Func<JsonObject, JsonNode?> patch) =>
        live =>
        {
            var before = live!.Clone();
            var patched = new KubeObject(Patch(live.Json, patch));
            ObjectDecoder.Report(request, options, [.. ObjectDecoder.Complete(request.Resource, patched.Json).Select(u => $"unknown field \"{u}\"")]);
            FieldManager.Update(request.Resource, before, patched, options.FieldManager, request.Path.Subresource);
            return patched;
        };

    private static JsonObject Patch(JsonObject live, Func<JsonObject, JsonNode?> patch)
    {
        try
        {
            return patch(live) as JsonObject ?? throw new PatchException("the patched document is not an object");
        }
        catch (PatchException e)
        {
            throw StatusErrors.Unprocessable(e.Message);
        }
    }

    private static Func<JsonObject, JsonNode?> Read(string type, byte[] body, ApiResource resource)
    {
        try
        {
            var patch = JsonNode.Parse(body);
            switch (type)
            {
                case JsonPatchType:
                    var operations = patch as JsonArray ?? throw new FormatException("a JSON patch is a list of operations");
                    return operations.Count <= MaxOperations
                        ? live => JsonPatch.Apply(live, operations)
                        : throw StatusErrors.TooLarge(MaxOperations);
                default:
                    var merge = patch as JsonObject ?? throw new FormatException("a merge patch is an object");
                    return live =>
                    {
                        MergePatch.Apply(live, merge);
                        return live;
                    };
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw StatusErrors.BadRequest($"error decoding patch: {e.Message}");
        }
    }
}
