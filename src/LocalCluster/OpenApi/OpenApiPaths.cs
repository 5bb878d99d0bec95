using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.OpenApi;

/// <summary>
/// The operations of a resource, as far as <c>kubectl</c> reads them: which kind a path serves and which parameters its writes take.
/// </summary>
/// <param name="version">Form of the document.</param>
/// <param name="writer">Writes references to the kinds.</param>
internal sealed class OpenApiPaths(OpenApiVersion version, SchemaWriter writer)
{
    private static readonly string[] WriteParameters = ["dryRun", "fieldManager", "fieldValidation"];
    private static readonly string[] ListParameters =
        ["continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch", "timeoutSeconds", "watch"];

    private static readonly (string Verb, string Method, string Action)[] CollectionOperations =
        [("list", "get", "list"), ("create", "post", "post"), ("deletecollection", "delete", "deletecollection")];

    private static readonly (string Verb, string Method, string Action)[] ObjectOperations =
        [("get", "get", "get"), ("update", "put", "put"), ("patch", "patch", "patch"), ("delete", "delete", "delete")];

    /// <summary>Adds the paths of a resource.</summary>
    public void Add(JsonObject paths, ApiResource resource)
    {
        var collection = resource.Type.CollectionPath(resource.Type.Namespaced ? "{namespace}" : null).Replace("%7B", "{", StringComparison.Ordinal)
            .Replace("%7D", "}", StringComparison.Ordinal);
        Set(paths, collection, Operations(resource, CollectionOperations, resource.Verbs, DefinitionName.OfList(resource)));
        if (resource.Verbs.Contains("get"))
        {
            var obj = $"{collection}/{{name}}";
            Set(paths, obj, Operations(resource, ObjectOperations, resource.Verbs, DefinitionName.Of(resource)));
            foreach (var part in resource.Subresources.Where(s => s.Kind == resource.Type.Kind))
            {
                Set(paths, $"{obj}/{part.Name}", Operations(resource, ObjectOperations, part.Verbs, DefinitionName.Of(resource)));
            }
        }
    }

    private static void Set(JsonObject paths, string path, JsonObject item)
    {
        if (item.Count > 0)
        {
            paths[path] = item;
        }
    }

    private JsonObject Operations(
        ApiResource resource, IEnumerable<(string Verb, string Method, string Action)> operations, IReadOnlyList<string> verbs, string result)
    {
        var item = new JsonObject();
        foreach (var (verb, method, action) in operations.Where(o => verbs.Contains(o.Verb)))
        {
            item[method] = new JsonObject
            {
                ["operationId"] = $"{action}{resource.Type.Kind}{resource.Type.Version}{item.Count}",
                ["parameters"] = Parameters(verb),
                ["responses"] = new JsonObject { ["200"] = Response(verb == "create" ? DefinitionName.Of(resource) : result) },
                ["x-kubernetes-action"] = action,
                ["x-kubernetes-group-version-kind"] = DefinitionName.GroupVersionKind(resource.Type, resource.Type.Kind),
            };
        }

        return item;
    }

    private JsonArray Parameters(string verb)
    {
        IEnumerable<string> names = verb switch
        {
            "create" or "update" => WriteParameters,
            "patch" => [.. WriteParameters, "force"],
            "list" => ListParameters,
            _ => [],
        };
        return new JsonArray([.. names.Select(Parameter)]);
    }

    private JsonObject Parameter(string name)
    {
        var type = name switch { "force" or "watch" => "boolean", "limit" or "timeoutSeconds" => "integer", _ => "string" };
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
        if (version == OpenApiVersion.V3)
        {
            parameter["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true };
        }
        else
        {
            parameter["type"] = type;
            parameter["uniqueItems"] = true;
        }

        return parameter;
    }

    private JsonObject Response(string definition) => version == OpenApiVersion.V3
        ? new JsonObject
        {
            ["description"] = "OK",
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = writer.Reference(definition) } },
        }
        : new JsonObject { ["description"] = "OK", ["schema"] = writer.Reference(definition) };
}
