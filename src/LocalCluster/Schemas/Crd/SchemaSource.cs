using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.Crd;

/// <summary>One OpenAPI schema of a CustomResourceDefinition as it was written, with the path that errors name it by.</summary>
/// <param name="json">The schema. Its fields have the types of JSONSchemaProps; what does not is taken for absent.</param>
/// <param name="path">Its path.</param>
internal sealed class SchemaSource(JsonObject json, string path)
{
    /// <summary>The keywords that combine several schemas of a value.</summary>
    public static readonly IReadOnlyList<string> Junctors = ["allOf", "anyOf", "oneOf"];

    /// <summary>The path of the schema.</summary>
    public string Path { get; } = path;

    /// <summary>The type; empty when none is said.</summary>
    public string Type => Text("type") ?? "";

    /// <summary>True for <c>x-kubernetes-int-or-string</c>.</summary>
    public bool IsIntOrString => IsTrue("x-kubernetes-int-or-string");

    /// <summary>True for <c>x-kubernetes-preserve-unknown-fields</c>.</summary>
    public bool PreservesUnknownFields => IsTrue("x-kubernetes-preserve-unknown-fields");

    /// <summary>True for <c>x-kubernetes-embedded-resource</c>.</summary>
    public bool IsEmbeddedResource => IsTrue("x-kubernetes-embedded-resource");

    /// <summary>The list type; null when none is said.</summary>
    public string? ListType => Text("x-kubernetes-list-type");

    /// <summary>The keys of a list of type map.</summary>
    public IReadOnlyList<string> ListMapKeys => Texts("x-kubernetes-list-map-keys");

    /// <summary>The default; null when there is none, or when it is null.</summary>
    public JsonNode? Default => json["default"];

    /// <summary>The schema of items, when there is one for all of them.</summary>
    public SchemaSource? Items => Schema("items");

    /// <summary>The schema of the values of a map, when there is one.</summary>
    public SchemaSource? AdditionalProperties => Schema("additionalProperties");

    /// <summary>The named properties.</summary>
    public IEnumerable<(string Name, SchemaSource Schema)> Properties =>
        from property in json["properties"] as JsonObject ?? []
        where property.Value is JsonObject
        select (property.Key, new SchemaSource((JsonObject)property.Value!, $"{Path}.properties[{property.Key}]"));

    /// <summary>All schemas that this one is made of.</summary>
    public IEnumerable<SchemaSource> Children =>
    [
        .. Properties.Select(property => property.Schema),
        .. new[] { Items, AdditionalProperties, Schema("not") }.OfType<SchemaSource>(),
        .. Junctors.SelectMany(Schemas),
    ];

    /// <summary>The rules.</summary>
    public IReadOnlyList<JsonObject> Rules => [.. (json["x-kubernetes-validations"] as JsonArray ?? []).OfType<JsonObject>()];

    /// <summary>The JSON of a field.</summary>
    public JsonNode? this[string field] => json[field];

    /// <summary>The schema as it was written.</summary>
    public JsonObject ToJson() => json;

    /// <summary>The path of a field of the schema.</summary>
    public string At(string field) => $"{Path}.{field}";

    /// <summary>True when a field has a value that is not empty.</summary>
    public bool Has(string field) => !json[field].IsZero();

    /// <summary>True when a field is true.</summary>
    public bool IsTrue(string field) => json[field].TryBoolean(out var value) && value;

    /// <summary>The text of a field; null when it has none.</summary>
    public string? Text(string field) => json[field].TryString(out var text) ? text : null;

    /// <summary>The whole number of a field; null when it has none.</summary>
    public long? Integer(string field) => json[field].TryInteger(out var value) ? value : null;

    /// <summary>The number of a field; null when it has none.</summary>
    public double? Number(string field) => json[field].TryNumber(out var value) ? value : null;

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string field) =>
        [.. (json[field] as JsonArray ?? []).Select(item => item.TryString(out var text) ? text : "")];

    /// <summary>The schema in a field; null when there is none.</summary>
    public SchemaSource? Schema(string field) => json[field] is JsonObject schema ? new(schema, At(field)) : null;

    /// <summary>The schema of one property; null when there is none.</summary>
    public SchemaSource? Property(string name) =>
        json["properties"]?[name] is JsonObject schema ? new(schema, $"{Path}.properties[{name}]") : null;

    /// <summary>The schemas in a list.</summary>
    public IReadOnlyList<SchemaSource> Schemas(string field) =>
        [.. (json[field] as JsonArray ?? []).OfType<JsonObject>().Select((schema, i) => new SchemaSource(schema, $"{At(field)}[{i}]"))];

    /// <summary>True when the only fields that are not empty are the given ones.</summary>
    public bool HasOnly(params ReadOnlySpan<string> fields)
    {
        foreach (var (name, value) in json)
        {
            if (!value.IsZero() && !fields.Contains(name))
            {
                return false;
            }
        }

        return true;
    }
}
