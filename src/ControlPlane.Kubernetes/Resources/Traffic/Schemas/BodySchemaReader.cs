using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;

namespace ControlPlane.Kubernetes.Resources.Traffic.Schemas;

/// <summary>
/// Reads the part of JSON Schema (2020-12) that bodies can be checked against at a cost that follows their length: no references, no combinations, no
/// formats. Whatever else a schema says is refused with its place, so that nobody believes in a check that does not happen.
/// </summary>
public static class BodySchemaReader
{
    private const int MostDepth = 32;
    private const int MostSchemas = 1000;

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    /// <summary>Keywords that say nothing of what is valid.</summary>
    private static readonly HashSet<string> Notes = new(StringComparer.Ordinal) { "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly" };

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="field">Where it stands in the policy.</param>
    /// <param name="problems">What is wrong with it; empty when it was read.</param>
    /// <returns>The schema; null when there are problems.</returns>
    public static BodySchema? Read(JsonObject schema, string field, out IReadOnlyList<PolicyProblem> problems)
    {
        var reading = new Reading();
        var read = reading.Schema(schema, field, depth: 0);
        problems = reading.Problems;
        return problems.Count == 0 ? read : null;
    }

    private sealed class Reading
    {
        private int _schemas;

        public List<PolicyProblem> Problems { get; } = [];

        public BodySchema Schema(JsonNode? node, string at, int depth)
        {
            if (node is JsonValue flag && flag.TryGetValue<bool>(out var anything))
            {
                return new BodySchema { IsNothing = !anything };
            }

            if (node is not JsonObject schema || depth > MostDepth || ++_schemas > MostSchemas)
            {
                return Refuse(at, node is JsonObject ? string.Create(CultureInfo.InvariantCulture, $"the schema is larger than {MostSchemas} parts or deeper than {MostDepth}") : "is no schema: an object, true or false");
            }

            var read = new BodySchema();
            foreach (var (keyword, value) in schema)
            {
                if (!Notes.Contains(keyword))
                {
                    read = Keyword(read, keyword, value, $"{at}.{keyword}", depth);
                }
            }

            return read;
        }

        private BodySchema Keyword(BodySchema schema, string keyword, JsonNode? value, string at, int depth) => keyword switch
        {
            "type" => schema with { Types = Words(value is JsonArray ? value : new JsonArray(value?.DeepClone()), at, Types) },
            "enum" => schema with { Allowed = value is JsonArray { Count: > 0 } values ? [.. values.Select(Element)] : Refuse(at, "is no list of values").Allowed },
            "const" => schema with { Allowed = [Element(value)] },
            "required" => schema with { Required = Words(value, at, known: null) },
            "properties" => schema with { Properties = Properties(value, at, depth) },
            "additionalProperties" => schema with { OtherProperties = Schema(value, at, depth + 1) },
            "items" => schema with { Items = Schema(value, at, depth + 1) },
            "pattern" => schema with { Pattern = Expression(value, at) },
            "minimum" => schema with { Minimum = Number(value, at) },
            "maximum" => schema with { Maximum = Number(value, at) },
            "exclusiveMinimum" => schema with { ExclusiveMinimum = Number(value, at) },
            "exclusiveMaximum" => schema with { ExclusiveMaximum = Number(value, at) },
            "multipleOf" => schema with { MultipleOf = Number(value, at) is { } step && step > 0 ? step : RefuseNumber(at, "must be more than 0") },
            "minLength" => schema with { Length = schema.Length with { Least = Count(value, at) } },
            "maxLength" => schema with { Length = schema.Length with { Most = Count(value, at) } },
            "minItems" => schema with { ItemCount = schema.ItemCount with { Least = Count(value, at) } },
            "maxItems" => schema with { ItemCount = schema.ItemCount with { Most = Count(value, at) } },
            "minProperties" => schema with { PropertyCount = schema.PropertyCount with { Least = Count(value, at) } },
            "maxProperties" => schema with { PropertyCount = schema.PropertyCount with { Most = Count(value, at) } },
            _ => Refuse(at, keyword == "format" ? "formats are notes in JSON Schema and are not checked; say it by a pattern" : "is not a keyword that bodies are checked for"),
        };

        private Dictionary<string, BodySchema> Properties(JsonNode? value, string at, int depth)
        {
            if (value is not JsonObject properties)
            {
                Refuse(at, "is no object of schemas");
                return [];
            }

            return properties.ToDictionary(static property => property.Key, property => Schema(property.Value, $"{at}.{property.Key}", depth + 1), StringComparer.Ordinal);
        }

        private List<string> Words(JsonNode? value, string at, string[]? known)
        {
            var words = (value as JsonArray)?.Select(static word => word is JsonValue text && text.TryGetValue<string>(out var found) ? found : null).ToList();
            if (words is null || words.Exists(word => word is null || known?.Contains(word) == false))
            {
                Refuse(at, known is null ? "is no list of names" : $"is none of {string.Join(", ", known)}, nor a list of them");
                return [];
            }

            return words!;
        }

        private Regex? Expression(JsonNode? value, string at)
        {
            try
            {
                return new Regex(value is JsonValue text && text.TryGetValue<string>(out var pattern) ? pattern : throw new ArgumentException("it is no text"), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                Refuse(at, e is NotSupportedException ? "needs what can't be matched in linear time (look-around, back-references), or grows too large; write it without" : $"is no regular expression: {e.Message}");
                return null;
            }
        }

        private decimal? Number(JsonNode? value, string at) => value is JsonValue number && Element(number) is { ValueKind: JsonValueKind.Number } element && element.TryGetDecimal(out var found)
            ? found
            : RefuseNumber(at, "is no number of at most 28 digits");

        private int? Count(JsonNode? value, string at) => Number(value, at) is { } number && number >= 0 && number <= int.MaxValue && number == decimal.Truncate(number)
            ? (int)number
            : (int?)RefuseNumber(at, "is no number of things");

        private decimal? RefuseNumber(string at, string message)
        {
            if (!Problems.Exists(problem => problem.Field == at))
            {
                Refuse(at, message);
            }

            return null;
        }

        private BodySchema Refuse(string at, string message)
        {
            Problems.Add(new(at, message));
            return new();
        }

        private static JsonElement Element(JsonNode? value) => JsonSerializer.SerializeToElement(value);
    }
}
