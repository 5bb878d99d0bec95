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
/// <param name="fields">Keeps who owns which field.</param>
/// <param name="answers">Writes the answers.</param>
internal sealed class PatchHandler(ObjectUpdater updater, FieldManager fields, ObjectAnswer answers)
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
        var subresource = request.Path.Subresource;
        var change = type == ApplyType
            ? new ObjectChange(request.Resource, request.Key, subresource, Apply(request, options, body), MayCreate: subresource.Length == 0)
            : new ObjectChange(request.Resource, request.Key, subresource, Patch(request, options, Read(type, body, request.View.Shape)));
        var (stored, created) = await updater.UpdateAsync(change, request.Registry(options.DryRun));
        await answers.WriteAsync(request, representation, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, stored);
    }

    private Func<KubeObject?, KubeObject> Apply(ResourceRequest request, WriteOptions options, byte[] body)
    {
        var (config, duplicates) = RequestBody.ParseYaml(body);
        ObjectDecoder.Report(request, options, [.. duplicates.Select(d => $"duplicate field \"{d}\"")]);
        CheckConfig(request, config);
        config = request.View.Configure(new KubeObject(config)).Json;
        var write = new FieldWrite(options.FieldManager, request.Path.Subresource);
        return live =>
        {
            try
            {
                var applied = fields.Apply(request.Resource, live, config, write, options.Force);
                ObjectDecoder.Complete(request.Resource, applied.Json);
                return applied;
            }
            catch (ApplyConflictException e)
            {
                throw ApplyErrors.Conflict(e);
            }
            catch (ApplyConfigException e)
            {
                throw ApplyErrors.BadConfig(request.Resource.Type, request.Key, e);
            }
        };
    }

    private static void CheckConfig(ResourceRequest request, JsonObject config)
    {
        var type = request.View.Shape.Type;
        var obj = new KubeObject(config);
        if (obj.ApiVersion != type.ApiVersion || obj.Kind != type.Kind)
        {
            throw StatusErrors.BadRequest($"invalid object type: {obj.ApiVersion}, Kind={obj.Kind}");
        }

        if (config["metadata"] is not null and not JsonObject)
        {
            throw StatusErrors.BadRequest("metadata is not an object");
        }

        if (obj.Metadata.ContainsKey("managedFields"))
        {
            throw StatusErrors.BadRequest("metadata.managedFields must be nil");
        }

        CheckIdentity(request, obj);
        obj.Name = request.Path.Name;
        obj.Namespace = request.Path.Namespace;
    }

    private static void CheckIdentity(ResourceRequest request, KubeObject obj)
    {
        if (obj.Name.Length > 0 && obj.Name != request.Path.Name)
        {
            throw StatusErrors.BadRequest($"the name of the object ({obj.Name}) does not match the name on the URL ({request.Path.Name})");
        }

        if (obj.Namespace.Length > 0 && obj.Namespace != request.Path.Namespace)
        {
            throw StatusErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private Func<KubeObject?, KubeObject> Patch(ResourceRequest request, WriteOptions options, Func<JsonObject, JsonNode?> patch) =>
        live =>
        {
            var patched = new KubeObject(Patch(request.View.Show(live!.Clone()).Json, patch));
            CheckIdentity(request, patched);
            var unknown = ObjectDecoder.Complete(request.View.Shape, patched.Json);
            ObjectDecoder.Report(request, options, [.. unknown.Select(u => $"unknown field \"{u}\"")]);
            var obj = request.View.Write(patched, live.Clone());
            fields.Update(request.Resource, live, obj, new FieldWrite(options.FieldManager, request.Path.Subresource));
            return obj;
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
                    if (operations.Any(operation => operation is not JsonObject))
                    {
                        throw new FormatException("an operation of a JSON patch is an object");
                    }

                    return operations.Count <= MaxOperations
                        ? live => JsonPatch.Apply(live, operations)
                        : throw StatusErrors.TooLarge(MaxOperations);
                case StrategicType:
                    var strategic = patch as JsonObject ?? throw new FormatException("a strategic merge patch is an object");
                    return live => StrategicMergePatch.Apply(live, strategic, resource.Schema.Value);
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
