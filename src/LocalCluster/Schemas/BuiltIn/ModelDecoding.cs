using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>
/// Brings JSON into the form that an object has once Go has decoded it into its type and encoded it again: that is what an API server
/// stores and shows of its built-in kinds, and of the metadata of all. Run it after pruning and before <see cref="Defaulting"/>.
/// </summary>
internal sealed class ModelDecoding
{
    private const string Quantities = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private const string MicroTimes = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";

    private readonly FieldPath _path = new();

    private ModelDecoding()
    {
    }

    /// <summary>
    /// Removes nulls and empty values that Go would not write, and writes quantities, times and bytes in their canonical form.
    /// </summary>
    /// <param name="value">The object, or a part of one; it is changed.</param>
    /// <param name="schema">Its schema.</param>
    /// <returns>The first value that does not fit its type, in the words of Go's decoder; null when all do.</returns>
    public static string? Decode(JsonObject value, SchemaNode schema) => new ModelDecoding().DecodeObject(value, schema, NameOf(schema));

    private string? DecodeObject(JsonObject map, SchemaNode schema, string owner)
    {
        for (var i = map.Count - 1; i >= 0; i--)
        {
            var (name, value) = map.GetAt(i);
            if (schema.Field(name) is not { } field)
            {
                continue;
            }

            if (value is null || (field.OmittedWhenZero && IsZero(value)))
            {
                map.RemoveAt(i);
                continue;
            }

            var before = value;
            _path.Enter(name);
            if (DecodeValue(ref value, field, owner) is { } error)
            {
                return error;
            }

            _path.Leave();
            if (!ReferenceEquals(value, before))
            {
                map.SetAt(i, value);
            }
        }

        return null;
    }

    private string? DecodeValue(ref JsonNode value, SchemaNode schema, string owner)
    {
        switch (schema.Type)
        {
            case SchemaType.Object when value is JsonObject map:
                return DecodeObject(map, schema, schema.AllowsAdditionalProperties ? owner : NameOf(schema));
            case SchemaType.Array when value is JsonArray list:
                return DecodeItems(list, schema.Items!, owner);
            case SchemaType.String when schema.Definition == Quantities && value is JsonValue number && number.GetValueKind() != JsonValueKind.True:
                return DecodeQuantity(ref value);
            case SchemaType.String when value.TryString(out var text):
                return DecodeText(ref value, text, schema);
            case SchemaType.Integer when value.TryInteger(out var integer) && (schema.Constraints?.Format != "int32" || integer == (int)integer):
            case SchemaType.Number when value.TryNumber(out _):
            case SchemaType.Boolean when value.TryBoolean(out _):
            case SchemaType.IntOrString when value.TryString(out _) || value.TryInteger(out _):
            case SchemaType.Any:
                return null;
            default:
                return Mismatch(value, owner, GoTypeOf(schema));
        }
    }

    private string? DecodeItems(JsonArray list, SchemaNode items, string owner)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not { } item)
            {
                continue;
            }

            var before = item;
            if (DecodeValue(ref item, items, owner) is { } error)
            {
                return error;
            }

            if (!ReferenceEquals(item, before))
            {
                list[i] = item;
            }
        }

        return null;
    }

    private static string? DecodeQuantity(ref JsonNode value)
    {
        var text = value.TryString(out var given) ? given : value.ToJsonString();
        if (Quantity.Parse(text, out var error) is not { } quantity)
        {
            return error;
        }

        Replace(ref value, text, quantity.ToString());
        return null;
    }

    private static string? DecodeText(ref JsonNode value, string text, SchemaNode schema)
    {
        switch (schema.Constraints?.Format)
        {
            case "date-time" when CelTimestamp.TryParse(text, out var time):
                Replace(ref value, text, Canonical(time, schema.Definition == MicroTimes));
                return null;
            case "date-time":
                return $"parsing time {GoText.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {GoText.Quote(text)} as \"2006\"";
            case "byte" when TextFormats.TryBase64(text, out var bytes):
                Replace(ref value, text, Convert.ToBase64String(bytes));
                return null;
            case "byte":
                return $"illegal base64 data at input byte {Base64Prefix(text)}";
            default:
                return null;
        }
    }

    private static string Canonical(CelTimestamp time, bool microseconds) => microseconds
        ? time.Utc.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
        : time.Utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static int Base64Prefix(string text)
    {
        var at = 0;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '/' or '='))
        {
            at++;
        }

        return at;
    }

    private static void Replace(ref JsonNode value, string text, string canonical)
    {
        if (text != canonical || value.GetValueKind() != JsonValueKind.String)
        {
            value = canonical;
        }
    }

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        _ when value.TryString(out var text) => text.Length == 0,
        _ when value.TryBoolean(out var truth) => !truth,
        _ => value.TryNumber(out var number) && number == 0,
    };

    private string Mismatch(JsonNode value, string owner, string expected)
    {
        var actual = value.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number when expected.StartsWith("int", StringComparison.Ordinal) => $"number {value.ToJsonString()}",
            JsonValueKind.Number => "number",
            _ => "bool",
        };
        return $"json: cannot unmarshal {actual} into Go struct field {owner}.{_path.Relative()} of type {expected}";
    }

    private static string GoTypeOf(SchemaNode schema) => schema.Type switch
    {
        SchemaType.Object when schema.AdditionalProperties is { } values => $"map[string]{GoTypeOf(values)}",
        SchemaType.Array => $"[]{GoTypeOf(schema.Items!)}",
        _ when schema.Definition is { } definition => string.Join('.', definition.Split('.')[^2..]),
        SchemaType.Integer => schema.Constraints!.Format!,
        SchemaType.Number => "float64",
        SchemaType.Boolean => "bool",
        _ => "string",
    };

    private static string NameOf(SchemaNode schema) => schema.Definition?.Split('.')[^1] ?? "";
}
