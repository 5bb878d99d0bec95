using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>Checks the apiVersion, kind and metadata of Kubernetes objects inside of others.</summary>
internal static class EmbeddedObjects
{
    private const int MaxAnnotationBytes = 256 * 1024;

    /// <summary>Checks what is embedded in a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="root">Path of the value; empty for a whole object, which is not embedded itself.</param>
    public static List<FieldError> Check(JsonNode? value, SchemaNode schema, string root = "")
    {
        var errors = new List<FieldError>();
        Walk(value, schema, new FieldPath(root), errors, isEmbedded: root.Length > 0);
        return errors;
    }

    private static void Walk(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors, bool isEmbedded)
    {
        if (!schema.Features.HasFlag(SchemaFeatures.EmbeddedObjects))
        {
            return;
        }

        switch (value)
        {
            case JsonObject map:
                if (schema.EmbeddedResource && isEmbedded)
                {
                    CheckType(map, path, errors);
                    CheckMetadata(map, path, errors);
                }

                foreach (var (name, child) in map)
                {
                    if (schema.Field(name) is { } field)
                    {
                        path.EnterField(schema, name);
                        Walk(child, field, path, errors, isEmbedded: true);
                        path.Leave();
                    }
                }

                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    path.EnterIndex(i);
                    Walk(list[i], items, path, errors, isEmbedded: true);
                    path.Leave();
                }

                break;
        }
    }

    private static void CheckType(JsonObject map, FieldPath path, List<FieldError> errors)
    {
        CheckText(map, "apiVersion", path, errors, apiVersion => apiVersion.Count('/') > 1
            ? [$"unexpected GroupVersion string: {apiVersion}"]
            : []);
        CheckText(map, "kind", path, errors, kind => NameFormats.Dns1035Label(kind.ToLowerInvariant()) is { Count: > 0 } faults
            ? [$"may have mixed case, but should otherwise match: {string.Join(',', faults)}"]
            : []);
    }

    private static void CheckText(
        JsonObject map, string name, FieldPath path, List<FieldError> errors, Func<string, IReadOnlyList<string>> check)
    {
        path.Enter(name);
        var field = path.ToString();
        path.Leave();
        if (!map.TryGetPropertyValue(name, out var value))
        {
            errors.Add(FieldError.Required(field));
        }
        else if (!value.TryString(out var text))
        {
            errors.Add(FieldError.Invalid(field, value, "must be a string"));
        }
        else
        {
            errors.AddRange((text.Length == 0 ? ["must not be empty"] : check(text)).Select(fault => FieldError.Invalid(field, value, fault)));
        }
    }

    private static void CheckMetadata(JsonObject map, FieldPath path, List<FieldError> errors)
    {
        if (map["metadata"] is not JsonObject metadata)
        {
            return;
        }

        path.Enter("metadata");
        var field = path.ToString();
        path.Leave();
        CheckName(metadata["name"], $"{field}.name", NameFormats.PathSegment, errors);
        CheckName(metadata["generateName"], $"{field}.generateName", NameFormats.Prefix(NameFormats.PathSegment), errors);
        foreach (var (key, value) in metadata["labels"] as JsonObject ?? [])
        {
            CheckName(key, $"{field}.labels", NameFormats.QualifiedName, errors);
            CheckName(value, $"{field}.labels", NameFormats.LabelValue, errors);
        }

        var size = 0;
        foreach (var (key, value) in metadata["annotations"] as JsonObject ?? [])
        {
            CheckName(key, $"{field}.annotations", name => NameFormats.QualifiedName(name.ToLowerInvariant()), errors);
            size += key.Length + (value.TryString(out var text) ? text.Length : 0);
        }

        if (size > MaxAnnotationBytes)
        {
            errors.Add(FieldError.TooLong($"{field}.annotations", MaxAnnotationBytes));
        }
    }

    private static void CheckName(JsonNode? value, string field, Func<string, IReadOnlyList<string>> check, List<FieldError> errors)
    {
        if (value.TryString(out var text) && text.Length > 0)
        {
            errors.AddRange(check(text).Select(fault => FieldError.Invalid(field, value, fault)));
        }
    }
}
