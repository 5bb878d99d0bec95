using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Operators.Rollouts.Evidence.Contracts;

/// <summary>
/// Compares two OpenAPI 3 descriptions of one service by what a caller of the old one would notice: nothing that was answered may go, nothing that was accepted may be
/// refused. What is added breaks nobody.
/// </summary>
internal static partial class ContractComparer
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// <summary>What breaks; empty when nothing does.</summary>
    /// <param name="old">What callers rely on.</param>
    /// <param name="new">What takes its place.</param>
    public static IReadOnlyList<ContractBreak> Compare(JsonObject old, JsonObject @new)
    {
        var documents = new Documents(old, @new);
        var found = new List<ContractBreak>();
        var paths = (@new["paths"] as JsonObject ?? []).GroupBy(static path => Shape(path.Key)).ToDictionary(static group => group.Key, static group => group.First().Value as JsonObject);
        foreach (var (path, item) in old["paths"] as JsonObject ?? [])
        {
            var at = $"paths[\"{path}\"]";
            if (!paths.TryGetValue(Shape(path), out var counterpart) || counterpart is null)
            {
                found.Add(new(at, "was removed"));
                continue;
            }

            foreach (var method in Methods)
            {
                if (item is not JsonObject before || before[method] is not JsonObject operation)
                {
                    continue;
                }

                if (counterpart[method] is JsonObject taken)
                {
                    CompareOperations(documents, $"{at}.{method}", (before, operation), (counterpart, taken), found);
                }
                else
                {
                    found.Add(new($"{at}.{method}", "was removed"));
                }
            }
        }

        return found;
    }

    private static void CompareOperations(Documents documents, string at, (JsonObject Item, JsonObject Operation) old, (JsonObject Item, JsonObject Operation) @new, List<ContractBreak> found)
    {
        CompareParameters(documents, at, Parameters(documents.Old, old), Parameters(documents.New, @new), found);
        CompareBodies(documents, at, documents.Old.Resolve(old.Operation["requestBody"]), documents.New.Resolve(@new.Operation["requestBody"]), found);
        var answers = @new.Operation["responses"] as JsonObject ?? [];
        foreach (var (status, response) in old.Operation["responses"] as JsonObject ?? [])
        {
            if (!status.StartsWith('2'))
            {
                continue; // what goes wrong is not what callers are written for
            }

            var place = $"{at}.responses[\"{status}\"]";
            if (!answers.TryGetPropertyValue(status, out var answer))
            {
                found.Add(new(place, "was removed"));
                continue;
            }

            CompareContent(documents, place, Content(documents.Old.Resolve(response)), Content(documents.New.Resolve(answer)), SchemaUse.Output, found);
        }
    }

    private static void CompareParameters(Documents documents, string at, Dictionary<string, JsonObject> old, Dictionary<string, JsonObject> @new, List<ContractBreak> found)
    {
        foreach (var (name, parameter) in @new)
        {
            var place = $"{at}.parameters[\"{name}\"]";
            var wasRequired = old.TryGetValue(name, out var before) && IsRequired(before);
            if (IsRequired(parameter) && !wasRequired)
            {
                found.Add(new(place, before is null ? "is new and required" : "became required"));
            }

            if (before is not null)
            {
                new SchemaComparison(documents, SchemaUse.Input, found).Compare(place, before["schema"], parameter["schema"]);
            }
        }
    }

    private static void CompareBodies(Documents documents, string at, JsonObject? old, JsonObject? @new, List<ContractBreak> found)
    {
        if (IsRequired(@new) && !IsRequired(old))
        {
            found.Add(new($"{at}.requestBody", old is null ? "is new and required" : "became required"));
        }

        if (old is not null && @new is not null)
        {
            CompareContent(documents, $"{at}.requestBody", Content(old), Content(@new), SchemaUse.Input, found);
        }
    }

    private static void CompareContent(Documents documents, string at, JsonObject old, JsonObject @new, SchemaUse use, List<ContractBreak> found)
    {
        foreach (var (type, media) in old)
        {
            var place = old.Count == 1 ? at : $"{at}.content[\"{type}\"]";
            if (!@new.TryGetPropertyValue(type, out var counterpart))
            {
                found.Add(new($"{at}.content[\"{type}\"]", "was removed"));
                continue;
            }

            new SchemaComparison(documents, use, found).Compare($"{place}.body", SchemaOf(media), SchemaOf(counterpart));
        }
    }

    private static JsonNode? SchemaOf(JsonNode? media) => (media as JsonObject)?["schema"];

    private static JsonObject Content(JsonObject? holder) => holder?["content"] as JsonObject ?? [];

    private static bool IsRequired(JsonObject? item) => item?["required"] is JsonValue value && value.TryGetValue<bool>(out var required) && required;

    /// <summary>By place and name; those of the operation stand in for those of its path. Placeholders of the path are left out: callers know them by their place.</summary>
    private static Dictionary<string, JsonObject> Parameters(Document document, (JsonObject Item, JsonObject Operation) of) =>
        ((IEnumerable<JsonNode?>)[.. of.Item["parameters"] as JsonArray ?? [], .. of.Operation["parameters"] as JsonArray ?? []])
        .Select(document.Resolve)
        .OfType<JsonObject>()
        .Where(static parameter => Document.Text(parameter["in"]) is "query" or "header" or "cookie")
        .GroupBy(static parameter => $"{Document.Text(parameter["in"])}.{Document.Text(parameter["name"])}")
        .ToDictionary(static group => group.Key, static group => group.Last());

    private static string Shape(string path) => Placeholder().Replace(path, "{}");

    [GeneratedRegex(@"\{[^/}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
