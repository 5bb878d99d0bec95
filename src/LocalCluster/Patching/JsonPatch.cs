using System.Text.Json.Nodes;

namespace LocalCluster.Patching;

/// <summary>JSON Patch (RFC 6902).</summary>
internal static class JsonPatch
{
    /// <summary>Applies all operations, in order.</summary>
    /// <param name="target">The document; it may be changed.</param>
    /// <param name="patch">The operations.</param>
    /// <returns>The patched document.</returns>
    /// <exception cref="PatchException">An operation is none, or does not fit the document.</exception>
    public static JsonNode? Apply(JsonNode? target, JsonArray patch)
    {
        foreach (var operation in patch)
        {
            target = Apply(target, operation as JsonObject ?? throw new PatchException("an operation of a JSON patch is an object"));
        }

        return target;
    }

    private static JsonNode? Apply(JsonNode? target, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (Text(operation, "op"))
        {
            case "add":
                return Add(target, path, Value(operation));
            case "remove":
                Remove(ref target, path);
                return target;
            case "replace":
                path.Get(target);
                return path.IsRoot ? Value(operation) : Replace(target, path, Value(operation));
            case "move":
                return Add(target, path, Remove(ref target, Pointer(operation, "from")));
            case "copy":
                return Add(target, path, Pointer(operation, "from").Get(target)?.DeepClone());
            case "test":
                return JsonNode.DeepEquals(path.Get(target), operation["value"])
                    ? target
                    : throw new PatchException($"testing value {path} failed: test failed") { IsFailedTest = true };
            default:
                throw new PatchException($"unexpected kind of operation: {operation["op"]?.ToJsonString()}");
        }
    }

    // A value that is left out counts as null, as it does for kube-apiserver.
    private static JsonNode? Value(JsonObject operation) => operation["value"]?.DeepClone();

    private static JsonPointer Pointer(JsonObject operation, string name) => JsonPointer.Parse(Text(operation, name));

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new PatchException($"the operation lacks {name}");

    private static JsonNode? Add(JsonNode? target, JsonPointer path, JsonNode? value)
    {
        if (path.IsRoot)
        {
            return value;
        }

        switch (path.Parent(target))
        {
            case JsonObject map:
                map[path.Last] = value;
                return target;
            case JsonArray list:
                list.Insert(path.Last == "-" ? list.Count : path.Index(list, list.Count), value);
                return target;
            default:
                throw new PatchException($"add operation does not apply: doc is missing path: \"{path}\": missing value");
        }
    }

    private static JsonNode? Replace(JsonNode? target, JsonPointer path, JsonNode? value)
    {
        switch (path.Parent(target))
        {
            case JsonObject map:
                map[path.Last] = value;
                break;
            case JsonArray list:
                list[path.Index(list, list.Count - 1)] = value;
                break;
        }

        return target;
    }

    private static JsonNode? Remove(ref JsonNode? target, JsonPointer path)
    {
        var removed = path.Get(target);
        if (path.IsRoot)
        {
            target = null;
            return removed;
        }

        switch (path.Parent(target))
        {
            case JsonObject map:
                map.Remove(path.Last);
                break;
            case JsonArray list:
                list.RemoveAt(path.Index(list, list.Count - 1));
                break;
        }

        return removed;
    }
}
