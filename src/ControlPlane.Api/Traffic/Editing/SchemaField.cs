using System.Text.Json.Nodes;

namespace ControlPlane.Api.Traffic.Editing;

/// <summary>What a field holds, as a form has to know it.</summary>
public enum FieldShape
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>Fields.</summary>
    Group,

    /// <summary>Names with texts.</summary>
    Map,

    /// <summary>Several of the same.</summary>
    List,

    /// <summary>Any JSON object.</summary>
    Free,
}

/// <summary>A field of a kind, as the cluster's schema describes it (OpenAPI v3 with Kubernetes' extensions): the same words that <c>kubectl explain</c> has.</summary>
public sealed record SchemaField
{
    /// <summary>Its name; empty for an item of a list.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds.</summary>
    public required FieldShape Shape { get; init; }

    /// <summary>What it means: unit, range, default, and which providers honour it.</summary>
    public string Description { get; init; } = "";

    /// <summary>It must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Words to choose from, of <see cref="FieldShape.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Least value of a number; null for none.</summary>
    public long? Minimum { get; init; }

    /// <summary>Greatest value of a number; null for none.</summary>
    public long? Maximum { get; init; }

    /// <summary>Longest text; null for none.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Value that the cluster puts in where there is none; null for none.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Fields of <see cref="FieldShape.Group"/>.</summary>
    public IReadOnlyList<SchemaField> Fields { get; init; } = [];

    /// <summary>What each item of <see cref="FieldShape.List"/> is.</summary>
    public SchemaField? Item { get; init; }

    /// <summary>The least that a value of it can be, to be filled in.</summary>
    public JsonNode Blank() => Default?.DeepClone() ?? (JsonNode)(Shape switch
    {
        FieldShape.Choice => JsonValue.Create(Choices[0]),
        FieldShape.Number => JsonValue.Create(Minimum ?? 0),
        FieldShape.Flag => JsonValue.Create(true),
        FieldShape.Group => new JsonObject(Fields.Where(static field => field.IsRequired).Select(static field => KeyValuePair.Create(field.Name, (JsonNode?)field.Blank()))),
        FieldShape.Map or FieldShape.Free => new JsonObject(),
        FieldShape.List => new JsonArray(Item!.Shape == FieldShape.Group ? [Item.Blank()] : []),
        _ => JsonValue.Create(""),
    });

    /// <summary>Reads a schema.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="isRequired">It must be there.</param>
    public static SchemaField Read(string name, JsonObject schema, bool isRequired)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var required = (schema["required"] as JsonArray)?.Select(static item => (string)item!).ToHashSet() ?? [];
        return new()
        {
            Name = name,
            Shape = ShapeOf(schema),
            Description = (string?)schema["description"] ?? "",
            IsRequired = isRequired,
            Choices = [.. ((schema["enum"] as JsonArray) ?? []).Select(static word => (string)word!)],
            Minimum = (long?)(double?)schema["minimum"],
            Maximum = (long?)(double?)schema["maximum"],
            MaxLength = (int?)schema["maxLength"],
            Default = schema["default"]?.DeepClone(),
            Fields =
            [
                .. ((schema["properties"] as JsonObject) ?? []).Select(field => Read(field.Key, field.Value!.AsObject(), required.Contains(field.Key)))
                    .OrderBy(static field => OrderOf(field)), // an API server tells them by the alphabet
            ],
            Item = schema["items"] is JsonObject item ? Read("", item, isRequired: true) : null,
        };
    }

    /// <summary>What something is called and whom it is for come first, then what must be there.</summary>
    private static int OrderOf(SchemaField field) => field.Name == "name" ? 0 : field.Name.StartsWith("target", StringComparison.Ordinal) ? 1 : field.IsRequired ? 2 : 3;

    private static FieldShape ShapeOf(JsonObject schema) => (string?)schema["type"] switch
    {
        "string" when schema["enum"] is JsonArray => FieldShape.Choice,
        "string" => FieldShape.Text,
        "integer" or "number" => FieldShape.Number,
        "boolean" => FieldShape.Flag,
        "array" => FieldShape.List,
        "object" when schema["properties"] is JsonObject => FieldShape.Group,
        "object" when schema["additionalProperties"] is JsonObject => FieldShape.Map,
        _ => FieldShape.Free,
    };
}
