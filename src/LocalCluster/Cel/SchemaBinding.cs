using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Cel;

/// <summary>
/// How expressions see objects that have a schema: the types of their fields, with the sizes that the schema allows, and their values.
/// This is all of the library that knows of schemas.
/// </summary>
internal static class SchemaBinding
{
    // What Kubernetes takes for the size of the largest request, and for the JSON of the smallest values.
    private const long MaxRequest = 3 * 1024 * 1024;
    private const long MinString = 2;
    private const long MinDuration = 3;
    private const long Date = 12;
    private const long MinDateTime = 21;
    private const long MaxDateTime = 32;

    /// <summary>The keys of maps; Kubernetes' estimate counts nothing for their length.</summary>
    private static readonly CelType Key = CelType.String.WithMaxSize(0);

    /// <summary>The type of values of a schema; null when expressions can't use them, because it does not say what they are.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">A name for the type, unique in an expression.</param>
    public static CelType? TypeOf(SchemaNode schema, string name = "self") => schema.Type switch
    {
        SchemaType.Boolean => CelType.Bool,
        SchemaType.Integer => CelType.Int,
        SchemaType.Number => CelType.Double,
        SchemaType.IntOrString => CelType.Dyn.WithMaxSize(MaxLength(schema) ?? MaxRequest - 2),
        SchemaType.String => TextType(schema),
        SchemaType.Array => schema.Items is { } items && TypeOf(items, name + ".@idx") is { } item
            ? CelType.List(item).WithMaxSize(schema.Constraints?.MaxItems ?? (MaxRequest - 2) / (MinSize(items) + 1))
            : null,
        SchemaType.Object when schema.AdditionalProperties is { } values => TypeOf(values, name + ".@elem") is { } value
            ? CelType.Map(Key, value).WithMaxSize(schema.Constraints?.MaxProperties ?? (MaxRequest - 2) / (MinSize(values) + 6))
            : null,
        SchemaType.Object => CelType.Object(name, () => FieldsOf(schema, name)),
        _ => null,
    };

    /// <summary>The least JSON that a value of the schema can be, in bytes: it bounds how many fit into a request.</summary>
    public static long MinSize(SchemaNode schema) => schema.Type switch
    {
        SchemaType.Boolean => 4,
        SchemaType.String => schema.Constraints?.Format switch
        {
            "duration" => MinDuration,
            "date" => Date,
            "date-time" => MinDateTime,
            _ => MinString,
        },
        SchemaType.Object when schema.AdditionalProperties is null => 2 + (schema.Constraints?.Required ?? [])
            .Where(name => schema.Properties.TryGetValue(name, out var field) && field.Default is null && TypeOf(field) is not null)
            .Sum(name => name.Length + MinSize(schema.Properties[name]) + 4),
        SchemaType.Object or SchemaType.Array => 2,
        _ => 1,
    };

    /// <summary>A value as expressions see it. Nothing is converted before it is looked at.</summary>
    public static object ToValue(JsonNode? value, SchemaNode schema)
    {
        if (value is null)
        {
            return schema.Nullable ? CelNull.Value : new CelError("invalid data, got null for schema with nullable=false");
        }

        return schema.Type switch
        {
            SchemaType.Object when value is JsonObject map => new SchemaMap(map, schema),
            SchemaType.Array when value is JsonArray list && schema.Items is { } items => new SchemaList(list, schema, items),
            SchemaType.String when value.TryString(out var text) => Text(text, schema.Constraints?.Format),
            SchemaType.Integer when value.TryInteger(out var integer) => integer,
            SchemaType.Number when value.TryNumber(out var number) => number,
            SchemaType.Boolean when value.TryBoolean(out var truth) => truth,
            SchemaType.IntOrString when value.TryString(out var text) => text,
            SchemaType.IntOrString when value.TryInteger(out var integer) => integer,
            SchemaType.Any => new PreservedValue(value),
            _ => new CelError($"invalid data, expected {schema.Type}"),
        };
    }

    private static Dictionary<string, CelType> FieldsOf(SchemaNode schema, string name)
    {
        var fields = new Dictionary<string, CelType>();
        foreach (var (property, node) in schema.Properties)
        {
            if (FieldNames.Escape(property) is { } field && TypeOf(Visible(schema, property, node), $"{name}.{field}") is { } type)
            {
                fields[field] = type;
            }
        }

        return fields;
    }

    /// <summary>Of the metadata of an object, expressions see the name only.</summary>
    private static SchemaNode Visible(SchemaNode parent, string property, SchemaNode node) =>
        parent.EmbeddedResource && property == "metadata"
            ? node with { Properties = node.Properties.Where(field => field.Key is "name" or "generateName").ToDictionary() }
            : node;

    private static CelType TextType(SchemaNode schema) => schema.Constraints?.Format switch
    {
        "byte" => CelType.Bytes.WithMaxSize(schema.Constraints.MaxLength ?? MaxRequest - 2),
        "duration" => CelType.Duration,
        "date" or "date-time" => CelType.Timestamp,
        _ => CelType.String.WithMaxSize(MaxLength(schema) ?? LongestEnum(schema) ?? MaxRequest - 2),
    };

    // maxLength counts code points, of which each may have four bytes.
    private static long? MaxLength(SchemaNode schema) => schema.Constraints?.MaxLength * 4;

    private static long? LongestEnum(SchemaNode schema) => schema.Constraints?.Enum is { Count: > 0 } values
        ? values.Max(value => value.TryString(out var text) ? text.Length : 0)
        : null;

    private static object Text(string text, string? format) => format switch
    {
        "duration" => TextFormats.TryDuration(text, out var span) ? span : new CelError($"Invalid duration {text}"),
        "date" => TextFormats.TryDate(text, out var date) ? date : new CelError($"Invalid date formatted string {text}"),
        "date-time" => TextFormats.TryDateTime(text, out var time) ? time : new CelError($"Invalid date-time formatted string {text}"),
        "byte" => TextFormats.TryBase64(text, out var bytes) ? bytes : new CelError($"Invalid byte formatted string {text}"),
        _ => text,
    };

    /// <summary>A JSON object: one with properties is seen by their escaped names, a map by its keys.</summary>
    private sealed class SchemaMap(JsonObject map, SchemaNode schema) : CelMap
    {
        private readonly bool _isMap = schema.AdditionalProperties is not null;

        public override int Count => map.Count;

        public override IEnumerable<object> Keys => map.Select(entry => _isMap ? entry.Key : FieldNames.Escape(entry.Key) ?? entry.Key);

        public override bool TryGet(object key, [NotNullWhen(true)] out object? value)
        {
            value = null;
            if (key is not string text)
            {
                return false;
            }

            var name = _isMap ? text : FieldNames.Unescape(text);
            if (schema.Field(name) is not { } field || !map.TryGetPropertyValue(name, out var child))
            {
                return false;
            }

            value = ToValue(child, field);
            return true;
        }
    }

    /// <summary>A JSON array. The order of sets and of lists of type map does not matter to equality, and adding to them merges.</summary>
    private sealed class SchemaList(JsonArray list, SchemaNode schema, SchemaNode items) : CelList
    {
        public override int Count => list.Count;

        public override object this[int index] => ToValue(list[index], items);

        public override bool IsEqualTo(CelList other) => schema.ListType switch
        {
            ListType.Set => Count == other.Count && Items().All(item => Functions.RelationFunctions.Contains(other, item)),
            ListType.Map => Count == other.Count && Items().All(item => Find(other, item) is { } same && CelValues.Equals(item, same)),
            _ => base.IsEqualTo(other),
        };

        public override CelList Plus(CelList other) => schema.ListType switch
        {
            ListType.Set => Of(Items().Concat(other.Items().Where(item => !Functions.RelationFunctions.Contains(this, item)))),
            ListType.Map => Of(Items().Select(item => Find(other, item) ?? item)
                .Concat(other.Items().Where(item => Find(this, item) is null))),
            _ => base.Plus(other),
        };

        private object? Find(CelList other, object wanted) =>
            other.Items().FirstOrDefault(item => schema.ListMapKeys.All(key => CelValues.Equals(KeyOf(item, key), KeyOf(wanted, key))));

        private static object KeyOf(object item, string key) =>
            item is CelMap map && map.TryGet(FieldNames.Escape(key) ?? key, out var value) ? value : CelNull.Value;
    }

    /// <summary>What a schema keeps without knowing it: it can be compared and nothing else.</summary>
    private sealed class PreservedValue(JsonNode value) : IOpaque, IEquatable<PreservedValue>
    {
        public CelType Type => CelType.Dyn;

        private JsonNode Value => value;

        public bool Equals(PreservedValue? other) => other is not null && JsonNode.DeepEquals(value, other.Value);

        public override bool Equals(object? obj) => Equals(obj as PreservedValue);

        public override int GetHashCode() => 0;
    }
}
