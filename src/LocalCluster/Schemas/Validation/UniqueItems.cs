using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.Validation;

/// <summary>Finds items that are in a list of type set, or of type map with the same keys, more than once.</summary>
internal static class UniqueItems
{
    /// <summary>Finds the duplicates in a whole object. Each value is told once, where it is there for the second time.</summary>
    public static List<FieldError> Check(JsonObject value, SchemaNode schema)
    {
        var errors = new List<FieldError>();
        Walk(value, schema, new FieldPath(), errors);
        return errors;
    }

    private static void Walk(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (!schema.Features.HasFlag(SchemaFeatures.UniqueItems))
        {
            return;
        }

        switch (value)
        {
            case JsonObject map:
                foreach (var (name, child) in map)
                {
                    if (schema.Field(name) is { } field)
                    {
                        path.EnterField(schema, name);
                        Walk(child, field, path, errors);
                        path.Leave();
                    }
                }

                break;
            case JsonArray list:
                CheckList(list, schema, path, errors);
                for (var i = 0; i < list.Count && schema.Items is not null; i++)
                {
                    path.EnterIndex(i);
                    Walk(list[i], schema.Items, path, errors);
                    path.Leave();
                }

                break;
        }
    }

    private static void CheckList(JsonArray list, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        switch (schema.ListType)
        {
            case ListType.Set:
                Report(list, item => item, path, errors);
                break;
            case ListType.Map:
                var stranger = list.FirstOrDefault(item => item is not null and not JsonObject);
                if (stranger is not null)
                {
                    path.EnterIndex(list.IndexOf(stranger));
                    errors.Add(FieldError.Invalid(path.ToString(), stranger, "must be an object for an array of list-type map"));
                    path.Leave();
                    break;
                }

                Report(list, item => KeysOf((JsonObject?)item, schema.ListMapKeys), path, errors);
                break;
        }
    }

    private static void Report(JsonArray list, Func<JsonNode?, JsonNode?> identity, FieldPath path, List<FieldError> errors)
    {
        if (list.Count < 2)
        {
            return;
        }

        var times = new Dictionary<string, int>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            var item = identity(list[i]);
            var text = GoJson.Write(item);
            var before = times.GetValueOrDefault(text);
            times[text] = before + 1;
            if (before == 1)
            {
                path.EnterIndex(i);
                errors.Add(FieldError.Duplicate(path.ToString(), item));
                path.Leave();
            }
        }
    }

    private static JsonObject KeysOf(JsonObject? item, IReadOnlyList<string> names)
    {
        var keys = new JsonObject();
        foreach (var name in names)
        {
            if (item is not null && item.TryGetPropertyValue(name, out var key))
            {
                keys[name] = key?.DeepClone();
            }
        }

        return keys;
    }
}
