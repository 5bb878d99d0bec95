using System.Text.Json.Nodes;
using LocalCluster.Applying;
using LocalCluster.Cel;
using LocalCluster.Patching;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Admission.Policies;

/// <summary>Applies what the expression of a mutation yields.</summary>
internal static class PolicyPatch
{
    private static readonly string[] TextFields = ["op", "path", "from"];

    /// <summary>Merges an <c>Object</c> into an object, as server-side apply would, but for nobody owns what it sets.</summary>
    /// <param name="live">The object; it is not changed.</param>
    /// <param name="value">What the expression yields.</param>
    /// <param name="schema">Schema of the object.</param>
    /// <exception cref="PolicyException">The value does not fit the kind, or would replace what it may only add to.</exception>
    public static JsonObject Merge(KubeObject live, object value, SchemaNode schema)
    {
        CheckNames(value);
        var patch = (JsonObject)ToJson(value)!;
        patch["apiVersion"] = live.ApiVersion;
        patch["kind"] = live.Kind;
        try
        {
            AppliedConfig.Check(patch, schema);
        }
        catch (ApplyConfigException e)
        {
            throw new PolicyException($"error applying patch: failed to convert patch object to typed object: {e.Message}");
        }

        var atomics = string.Join(", ", Atomics(patch, schema, ""));
        return atomics.Length == 0
            ? (JsonObject)Merging.Merge(live.Json, patch, schema)!
            : throw new PolicyException($"error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: {atomics}");
    }

    /// <summary>Applies a list of <c>JSONPatch</c>. Nothing is changed when one of its tests fails.</summary>
    /// <param name="live">The object; it may be changed.</param>
    /// <param name="value">What the expression yields.</param>
    /// <exception cref="PolicyException">The patch is malformed or does not fit the object.</exception>
    public static JsonObject Apply(JsonObject live, object value)
    {
        var operations = new JsonArray([.. ((CelList)value).Items().Select(ToOperation)]);
        var before = live.DeepClone();
        try
        {
            return JsonPatch.Apply(live, operations) as JsonObject ?? throw new PolicyException("the patched document is not an object");
        }
        catch (PatchException e) when (e.IsFailedTest)
        {
            return (JsonObject)before;
        }
        catch (PatchException e)
        {
            throw new PolicyException($"JSONPath: {e.Message}");
        }
    }

    private static JsonObject ToOperation(object item)
    {
        var map = (CelMap)item;
        var operation = new JsonObject();
        foreach (var name in TextFields)
        {
            if (map.TryGet(name, out var text) && text is not "")
            {
                operation[name] = text as string ?? throw new PolicyException(
                    $"unexpected type {CelValues.TypeOf(text)} for JSONPatchType '{name}' field");
            }
        }

        if (map.TryGet("value", out var value))
        {
            CheckNames(value);
            operation["value"] = ToJson(value);
        }

        return operation;
    }

    private static JsonNode? ToJson(object value)
    {
        try
        {
            // As clients send it: a number that was made of a .NET value would answer to that type only.
            return JsonBinding.ToJson(value) is { } json ? JsonNode.Parse(json.ToJsonString()) : null;
        }
        catch (FormatException e)
        {
            throw new PolicyException(e.Message);
        }
    }

    /// <summary>An object is named after the path to it: <c>Object.spec</c> has its place in the field <c>spec</c> of an <c>Object</c>.</summary>
    private static void CheckNames(object value)
    {
        if (value is CelObject root)
        {
            var errors = string.Join("\n", Misplaced(root, root.Type.Name));
            if (errors.Length > 0)
            {
                throw new PolicyException($"type mismatch: {errors}");
            }
        }
    }

    private static IEnumerable<string> Misplaced(object value, string expected) => value switch
    {
        CelObject obj => obj.Keys.SelectMany(key => Misplaced(Entry(obj, key), $"{expected}.{key}")).Prepend(
            obj.Type.Name == expected
                ? null
                : $"unexpected type name \"{obj.Type.Name}\", expected \"{expected}\", which matches field name path from root Object type")
            .OfType<string>(),
        CelList list => list.Items().SelectMany(item => Misplaced(item, expected)),
        CelMap map => map.Keys.SelectMany(key => Misplaced(Entry(map, key), expected)),
        _ => [],
    };

    private static object Entry(CelMap map, object key) => map.TryGet(key, out var value) ? value : CelNull.Value;

    // Who sets a few fields of an atomic value would remove all others.
    private static IEnumerable<string> Atomics(JsonNode? value, SchemaNode? schema, string path)
    {
        var (isAtomic, children) = value switch
        {
            JsonObject map => (schema is { AtomicMap: true }, map.SelectMany(field => Atomics(field.Value, schema?.Field(field.Key), $"{path}.{field.Key}"))),
            JsonArray list => (
                schema?.ListType is not (ListType.Set or ListType.Map),
                list.SelectMany((item, i) => Atomics(item, schema?.Items, $"{path}[{i}]"))),
            _ => (false, []),
        };
        return isAtomic ? children.Prepend(path) : children;
    }
}
