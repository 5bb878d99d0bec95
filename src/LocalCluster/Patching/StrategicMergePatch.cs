using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Patching;

/// <summary>
/// Kubernetes' strategic merge patch: a merge patch that knows, from the schema of a built-in kind, which lists are merged and by which
/// key, and that takes directives.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    /// <summary>Applies a patch to an object, which is changed.</summary>
    /// <returns>The patched object.</returns>
    /// <exception cref="PatchException">A directive or a list does not fit.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, SchemaNode? schema)
    {
        switch ((string?)patch[Directive])
        {
            case null:
                break;
            case "replace":
                return (JsonObject)WithoutDirectives(patch)!;
            case "delete":
                return [];
            case var other:
                throw new PatchException($"Unknown patch type found: {other}");
        }

        Retain(target, patch);
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
            {
                DeleteValues(target, name[DeletePrefix.Length..], List(name, value));
            }
            else if (!name.StartsWith('$'))
            {
                ApplyField(target, name, value, schema?.Field(name));
            }
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(OrderPrefix, StringComparison.Ordinal) && target[name[OrderPrefix.Length..]] is JsonArray list)
            {
                var field = name[OrderPrefix.Length..];
                target[field] = PatchedList.Arrange(list, list, List(name, value), schema?.Field(field)?.PatchMergeKey);
            }
        }

        return target;
    }

    private static void ApplyField(JsonObject target, string name, JsonNode? value, SchemaNode? schema)
    {
        switch (target[name], value)
        {
            case (_, null):
                target.Remove(name);
                break;
            case (JsonObject before, JsonObject change):
                var patched = Apply(before, change, schema);
                if (patched != before)
                {
                    target[name] = patched;
                }

                break;
            case (JsonArray before, JsonArray change) when schema is { } field && field.PatchStrategy.HasFlag(PatchStrategy.Merge):
                target[name] = ApplyList(before, change, field);
                break;
            default:
                if (IsDeletion(value))
                {
                    target.Remove(name);
                }
                else
                {
                    target[name] = WithoutDirectives(value);
                }

                break;
        }
    }

    private static JsonArray ApplyList(JsonArray before, JsonArray change, SchemaNode schema)
    {
        var merged = (JsonArray)before.DeepClone();
        if (change.All(item => item is not JsonObject))
        {
            foreach (var item in change.Where(item => !merged.Any(m => JsonNode.DeepEquals(m, item))))
            {
                merged.Add(item?.DeepClone());
            }

            return PatchedList.Arrange(merged, before, change, key: null);
        }

        var key = schema.PatchMergeKey ?? throw new PatchException("cannot merge lists without merge key");
        var replaces = false;
        var elements = new JsonArray();
        foreach (var item in change)
        {
            var element = item as JsonObject ?? throw new PatchException("a list of objects can't be merged with other values");
            switch ((string?)element[Directive])
            {
                case null:
                    elements.Add(element.DeepClone());
                    break;
                case "delete":
                    merged.RemoveAll(m => JsonNode.DeepEquals(m![key], Key(element, key)));
                    break;
                case "replace":
                    replaces = true;
                    break;
                case var other:
                    throw new PatchException($"Unknown patch type found: {other}");
            }
        }

        if (replaces)
        {
            return (JsonArray)WithoutDirectives(elements)!;
        }

        foreach (var element in elements.Cast<JsonObject>())
        {
            MergeElement(merged, element, key, schema.Items);
        }

        return PatchedList.Arrange(merged, before, elements, key);
    }

    private static void MergeElement(JsonArray merged, JsonObject element, string key, SchemaNode? schema)
    {
        var value = Key(element, key);
        for (var i = 0; i < merged.Count; i++)
        {
            if (merged[i] is JsonObject existing && JsonNode.DeepEquals(existing[key], value))
            {
                var patched = Apply(existing, element, schema);
                if (patched != existing)
                {
                    merged[i] = patched;
                }

                return;
            }
        }

        merged.Add(WithoutDirectives(element));
    }

    private static JsonNode Key(JsonObject element, string key) =>
        element[key] ?? throw new PatchException($"map: {element.ToJsonString()} does not contain declared merge key: {key}");

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (patch[RetainKeys] is JsonArray keys)
        {
            var retained = keys.Select(k => (string?)k).ToHashSet();
            if (patch.Any(p => !p.Key.StartsWith('$') && !retained.Contains(p.Key)))
            {
                throw new PatchException("$retainKeys list must contains all the fields in the patch map");
            }

            foreach (var name in target.Select(p => p.Key).Where(name => !retained.Contains(name)).ToList())
            {
                target.Remove(name);
            }
        }
    }

    private static void DeleteValues(JsonObject target, string name, JsonArray values) =>
        (target[name] as JsonArray)?.RemoveAll(item => values.Any(value => JsonNode.DeepEquals(item, value)));

    private static JsonArray List(string name, JsonNode? value) =>
        value as JsonArray ?? throw new PatchException($"{name} must be a list");

    private static bool IsDeletion(JsonNode? value) => value is JsonObject map && (string?)map[Directive] == "delete";

    private static JsonNode? WithoutDirectives(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                var kept = new JsonObject();
                foreach (var (name, child) in map)
                {
                    if (!name.StartsWith('$') && child is not null && !IsDeletion(child))
                    {
                        kept[name] = WithoutDirectives(child);
                    }
                }

                return kept;
            case JsonArray list:
                return new JsonArray([.. list.Where(item => !IsDeletion(item)).Select(WithoutDirectives)]);
            default:
                return value?.DeepClone();
        }
    }
}
