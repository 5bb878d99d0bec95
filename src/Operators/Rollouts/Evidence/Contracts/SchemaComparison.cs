using System.Text.Json.Nodes;

namespace Operators.Rollouts.Evidence.Contracts;

/// <summary>Whether callers write a value or read it.</summary>
internal enum SchemaUse
{
    /// <summary>Callers write it: the new version must take all that the old one took.</summary>
    Input,

    /// <summary>Callers read it: the new version must give all that the old one gave, and nothing of another kind.</summary>
    Output,
}

/// <summary>Compares two schemas. References that lead back to themselves are followed once.</summary>
internal sealed class SchemaComparison(Documents documents, SchemaUse use, List<ContractBreak> found)
{
    private const int Deepest = 32;

    private readonly HashSet<(string, string)> _followed = [];

    public void Compare(string at, JsonNode? old, JsonNode? @new) => Compare(at, old, @new, depth: 0);

    private void Compare(string at, JsonNode? old, JsonNode? @new, int depth)
    {
        if (depth > Deepest || (Document.ReferenceOf(old) is { } from && Document.ReferenceOf(@new) is { } to && !_followed.Add((from, to))))
        {
            return;
        }

        if (documents.Old.Resolve(old) is not { } before)
        {
            return; // nothing was promised
        }

        if (documents.New.Resolve(@new) is not { } after)
        {
            if (use == SchemaUse.Output)
            {
                found.Add(new(at, "is not described any more"));
            }

            return;
        }

        CompareTypes(at, before, after);
        CompareValues(at, before, after);
        CompareProperties(at, before, after, depth);
        if (before["items"] is { } items)
        {
            Compare($"{at}[]", items, after["items"], depth + 1);
        }

        CompareVariants(at, before, after, depth);
    }

    private void CompareTypes(string at, JsonObject old, JsonObject @new)
    {
        var (before, after) = (Types(old), Types(@new));
        if (before.Count == 0 || after.Count == 0)
        {
            return;
        }

        var (all, some) = use == SchemaUse.Input ? (after, before) : (before, after);
        if (!some.All(type => all.Contains(type) || (type == "integer" && all.Contains("number"))))
        {
            found.Add(new(at, $"changed its type from {string.Join('|', before)} to {string.Join('|', after)}"));
        }
    }

    /// <summary>A value that was taken must be taken still. One that is new in an answer breaks only those who did not expect any.</summary>
    private void CompareValues(string at, JsonObject old, JsonObject @new)
    {
        if (use == SchemaUse.Output || @new["enum"] is not JsonArray after)
        {
            return;
        }

        var allowed = after.Select(Document.Text).ToHashSet();
        if (old["enum"] is not JsonArray before)
        {
            found.Add(new(at, $"takes only {string.Join(", ", allowed)} now"));
        }
        else if (before.Select(Document.Text).Where(value => !allowed.Contains(value)).ToList() is [_, ..] gone)
        {
            found.Add(new(at, $"does not take {string.Join(", ", gone)} any more"));
        }
    }

    private void CompareProperties(string at, JsonObject old, JsonObject @new, int depth)
    {
        var (before, after) = (Properties(documents.Old, old), Properties(documents.New, @new));
        var (wasRequired, isRequired) = (Required(documents.Old, old), Required(documents.New, @new));
        foreach (var (name, property) in before)
        {
            var place = $"{at}.{name}";
            if (after.TryGetValue(name, out var counterpart))
            {
                Compare(place, property, counterpart, depth + 1);
            }

            if (use == SchemaUse.Output && counterpart is null)
            {
                found.Add(new(place, "was removed"));
            }
            else if (use == SchemaUse.Output && wasRequired.Contains(name) && !isRequired.Contains(name))
            {
                found.Add(new(place, "may be missing now"));
            }
            else if (use == SchemaUse.Input && counterpart is null && @new["additionalProperties"] is JsonValue closed && closed.TryGetValue<bool>(out var open) && !open)
            {
                found.Add(new(place, "is refused now"));
            }
        }

        if (use == SchemaUse.Input)
        {
            found.AddRange(isRequired.Except(wasRequired).Select(name => new ContractBreak($"{at}.{name}", before.ContainsKey(name) ? "became required" : "is new and required")));
        }
    }

    /// <summary>Variants are told apart by their place: nobody adds one before others without the others moving.</summary>
    private void CompareVariants(string at, JsonObject old, JsonObject @new, int depth)
    {
        foreach (var kind in (string[])["oneOf", "anyOf"])
        {
            if (old[kind] is not JsonArray before || @new[kind] is not JsonArray after)
            {
                continue;
            }

            if (use == SchemaUse.Input ? after.Count < before.Count : after.Count > before.Count)
            {
                found.Add(new($"{at}.{kind}", use == SchemaUse.Input ? "takes fewer kinds of values" : "gives more kinds of values"));
                continue;
            }

            for (var i = 0; i < Math.Min(before.Count, after.Count); i++)
            {
                Compare(at, before[i], after[i], depth + 1);
            }
        }
    }

    private static HashSet<string> Types(JsonObject schema)
    {
        HashSet<string> types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(Document.Text)],
            JsonValue one => [Document.Text(one)],
            _ => [],
        };
        if (types.Count > 0 && schema["nullable"] is JsonValue nullable && nullable.TryGetValue<bool>(out var isNullable) && isNullable)
        {
            types.Add("null"); // OpenAPI 3.0's way of saying so
        }

        return types;
    }

    private static Dictionary<string, JsonNode?> Properties(Document document, JsonObject schema) => Parts(document, schema)
        .SelectMany(static part => part["properties"] as JsonObject ?? [])
        .GroupBy(static property => property.Key)
        .ToDictionary(static group => group.Key, static group => group.Last().Value);

    private static HashSet<string> Required(Document document, JsonObject schema) =>
        [.. Parts(document, schema).SelectMany(static part => part["required"] as JsonArray ?? []).Select(Document.Text)];

    /// <summary>A schema and all that it is made up of.</summary>
    private static IEnumerable<JsonObject> Parts(Document document, JsonObject schema, int depth = 0) => depth > Deepest ? [] :
    [
        .. (schema["allOf"] as JsonArray ?? []).Select(document.Resolve).OfType<JsonObject>().SelectMany(part => Parts(document, part, depth + 1)),
        schema,
    ];
}
