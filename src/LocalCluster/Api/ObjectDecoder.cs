using System.Text.Json.Nodes;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Schemas.BuiltIn;

namespace LocalCluster.Api;

/// <summary>Turns what a client sent into an object of the kind that it sent it to: checked, pruned and defaulted.</summary>
internal static class ObjectDecoder
{
    /// <summary>Decodes an object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="resource">What it should be.</param>
    /// <param name="options">What to do about unknown fields.</param>
    /// <param name="body">What was sent.</param>
    /// <param name="duplicates">Fields that were sent more than once.</param>
    /// <exception cref="StatusException">400: it is no such object.</exception>
    public static KubeObject Decode(
        ResourceRequest request, ApiResource resource, WriteOptions options, JsonObject body, IReadOnlyList<string> duplicates)
    {
        CheckType(resource, body);
        var strict = duplicates.Select(d => $"duplicate field \"{d}\"").Concat(Complete(resource, body).Select(u => $"unknown field \"{u}\"")).ToList();
        Report(request, options, strict);
        var obj = new KubeObject(body);
        CheckNamespace(request, obj);
        return obj;
    }

    /// <summary>Removes what the kind does not know and fills in what it defaults.</summary>
    /// <returns>Paths of the fields that were removed.</returns>
    /// <exception cref="StatusException">400: a value has the wrong type.</exception>
    public static IReadOnlyList<string> Complete(ApiResource resource, JsonObject body)
    {
        var schema = resource.Schema.Value;
        var unknown = Pruning.PruneAndReport(body, schema);
        if (resource.IsCustom)
        {
            Nulls.Drop(body, schema);
        }

        var wrong = resource.IsCustom ? DecodeMetadata(body) : ModelDecoding.Decode(body, schema);
        if (wrong is not null)
        {
            throw StatusErrors.BadRequest(
                $"{resource.Type.Kind} in version \"{resource.Type.Version}\" cannot be handled as a {resource.Type.Kind}: {wrong}");
        }

        Defaulting.Apply(body, schema);
        return unknown;
    }

    /// <summary>Tells of fields that the kind does not know, or refuses them.</summary>
    /// <exception cref="StatusException">400: there are some and the client is strict.</exception>
    public static void Report(ResourceRequest request, WriteOptions options, IReadOnlyList<string> faults)
    {
        if (faults.Count == 0 || options.FieldValidation == FieldValidation.Ignore)
        {
            return;
        }

        if (options.FieldValidation == FieldValidation.Strict)
        {
            throw StatusErrors.BadRequest(
                $"{request.Resource.Type.Kind} in version \"{request.Resource.Type.Version}\" cannot be handled as a "
                + $"{request.Resource.Type.Kind}: strict decoding error: {string.Join(", ", faults)}");
        }

        foreach (var fault in faults)
        {
            request.Warn(fault);
        }
    }

    private static string? DecodeMetadata(JsonObject body) => body["metadata"] switch
    {
        null => null,
        JsonObject metadata => ModelDecoding.Decode(metadata, BuiltInSchemas.ObjectMeta),
        _ => "metadata is not an object",
    };

    private static void CheckType(ApiResource resource, JsonObject body)
    {
        var (apiVersion, kind) = (Text(body, "apiVersion"), Text(body, "kind"));
        if (kind.Length > 0 && kind != resource.Type.Kind)
        {
            throw StatusErrors.BadRequest(
                $"{kind} in version \"{apiVersion}\" cannot be handled as a {resource.Type.Kind}: the path says {resource.Type.Kind}");
        }

        if (apiVersion.Length > 0 && apiVersion != resource.Type.ApiVersion)
        {
            throw StatusErrors.BadRequest(
                $"the API version in the data ({apiVersion}) does not match the expected API version ({resource.Type.ApiVersion})");
        }

        body["apiVersion"] = resource.Type.ApiVersion;
        body["kind"] = resource.Type.Kind;
    }

    private static string Text(JsonObject body, string name) => body[name].TryString(out var text) ? text : "";

    private static void CheckNamespace(ResourceRequest request, KubeObject obj)
    {
        if (obj.Namespace.Length == 0)
        {
            obj.Namespace = request.Path.Namespace;
        }
        else if (obj.Namespace != request.Path.Namespace)
        {
            throw StatusErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}
