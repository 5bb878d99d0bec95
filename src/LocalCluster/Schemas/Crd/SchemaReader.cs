using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Schemas.Validation;

namespace LocalCluster.Schemas.Crd;

/// <summary>Reads structural schemas and compiles their rules.</summary>
internal static class SchemaReader
{
    private static readonly string[] ConstraintKeywords =
    [
        "format", "enum", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems",
        "minProperties", "maxProperties", "required", "allOf", "anyOf", "oneOf", "not",
    ];

    private static readonly SchemaNode Text = new() { Type = SchemaType.String };

    /// <summary>Reads the schema of a whole custom resource.</summary>
    public static SchemaNode ReadRoot(SchemaSource root) => Read(root, isObject: true);

    /// <summary>True when the schema uses only what structural schemas know, so that it can be read.</summary>
    public static bool CanRead(SchemaSource schema) =>
        !OpenApiRules.Unsupported.Any(schema.Has)
        && schema["items"] is not JsonArray { Count: > 0 }
        && (schema["x-kubernetes-preserve-unknown-fields"] is null || schema.PreservesUnknownFields)
        && schema.Children.All(CanRead);

    /// <param name="schema">The schema.</param>
    /// <param name="isObject">True when its values are whole Kubernetes objects.</param>
    private static SchemaNode Read(SchemaSource schema, bool isObject = false)
    {
        isObject |= schema.IsEmbeddedResource;
        var node = new SchemaNode
        {
            Type = schema.IsIntOrString ? SchemaType.IntOrString : TypeOf(schema.Type),
            Title = schema.Text("title"),
            Description = schema.Text("description"),
            Nullable = schema.IsTrue("nullable"),
            Default = schema.Default,
            Properties = ReadProperties(schema, isObject),
            Items = schema.Items is { } items ? Read(items) : null,
            AdditionalProperties = schema.AdditionalProperties is { } values ? Read(values) : null,
            AllowsAdditionalProperties = schema.AdditionalProperties is not null || schema.IsTrue("additionalProperties"),
            PreserveUnknownFields = schema.PreservesUnknownFields,
            EmbeddedResource = isObject,
            ListType = schema.ListType switch
            {
                "atomic" => ListType.Atomic,
                "set" => ListType.Set,
                "map" => ListType.Map,
                _ => null,
            },
            ListMapKeys = schema.ListMapKeys,
            AtomicMap = schema.Text("x-kubernetes-map-type") == "atomic",
            Constraints = ReadConstraints(schema),
        };
        node = node with { Rules = RuleCompiler.Compile(schema.Rules, node) };
        return node with { Features = FeaturesOf(node, isEmbedded: schema.IsEmbeddedResource) };
    }

    private static Dictionary<string, SchemaNode> ReadProperties(SchemaSource schema, bool isObject)
    {
        var properties = new Dictionary<string, SchemaNode>();
        if (isObject)
        {
            properties["apiVersion"] = Text;
            properties["kind"] = Text;
            properties["metadata"] = BuiltInSchemas.ObjectMeta;
        }

        foreach (var (name, property) in schema.Properties)
        {
            properties[name] = isObject && name == "metadata" ? ReadMetadata(property) : Read(property);
        }

        return properties;
    }

    /// <summary>The schema of metadata, of which a schema can only restrict parts.</summary>
    private static SchemaNode ReadMetadata(SchemaSource schema)
    {
        var restrictions = Read(schema);
        if (restrictions is { Properties.Count: 0, Constraints: null, Default: null, Rules.Count: 0 })
        {
            return BuiltInSchemas.ObjectMeta;
        }

        var properties = new Dictionary<string, SchemaNode>(BuiltInSchemas.ObjectMeta.Properties);
        foreach (var (name, property) in restrictions.Properties)
        {
            properties[name] = property;
        }

        return restrictions with { Properties = properties };
    }

    private static SchemaFeatures FeaturesOf(SchemaNode node, bool isEmbedded)
    {
        var features = node.Rules.Count > 0 ? SchemaFeatures.Rules : SchemaFeatures.None;
        features |= node.ListType is ListType.Set or ListType.Map ? SchemaFeatures.UniqueItems : SchemaFeatures.None;
        features |= isEmbedded ? SchemaFeatures.EmbeddedObjects : SchemaFeatures.None;
        features |= (node.Items?.Features ?? SchemaFeatures.None) | (node.AdditionalProperties?.Features ?? SchemaFeatures.None);
        return node.Properties.Values.Aggregate(features, (all, property) => all | property.Features);
    }

    private static SchemaType TypeOf(string type) => type switch
    {
        "object" => SchemaType.Object,
        "array" => SchemaType.Array,
        "string" => SchemaType.String,
        "integer" => SchemaType.Integer,
        "number" => SchemaType.Number,
        "boolean" => SchemaType.Boolean,
        _ => SchemaType.Any,
    };

    private static ValueConstraints? ReadConstraints(SchemaSource schema)
    {
        if (Array.TrueForAll(ConstraintKeywords, keyword => schema[keyword] is null))
        {
            return null;
        }

        var format = schema.Text("format") is { Length: > 0 } name ? name : null;
        var pattern = schema.Text("pattern") is { Length: > 0 } expression ? expression : null;
        return new()
        {
            Format = format,
            FormatCheck = format is not null && schema.Type is "" or "string" ? StringFormats.Find(format) : null,
            Enum = schema["enum"] is JsonArray values ? [.. values] : [],
            Minimum = schema.Number("minimum"),
            ExclusiveMinimum = schema.IsTrue("exclusiveMinimum"),
            Maximum = schema.Number("maximum"),
            ExclusiveMaximum = schema.IsTrue("exclusiveMaximum"),
            MultipleOf = schema.Number("multipleOf"),
            MinLength = schema.Integer("minLength"),
            MaxLength = schema.Integer("maxLength"),
            Pattern = pattern,
            PatternRegex = pattern is null ? null : Re2.Compile(pattern, out _),
            MinItems = schema.Integer("minItems"),
            MaxItems = schema.Integer("maxItems"),
            MinProperties = schema.Integer("minProperties"),
            MaxProperties = schema.Integer("maxProperties"),
            Required = schema.Texts("required"),
            AllOf = ReadAllInside(schema, "allOf"),
            AnyOf = ReadAllInside(schema, "anyOf"),
            OneOf = ReadAllInside(schema, "oneOf"),
            Not = schema.Schema("not") is { } not ? ReadInside(not) : null,
        };
    }

    private static IReadOnlyList<SchemaNode> ReadAllInside(SchemaSource schema, string junctor) =>
        schema.Schemas(junctor) is { Count: > 0 } schemas ? [.. schemas.Select(ReadInside)] : [];

    /// <summary>Reads a schema below a junctor, which has no type, save for the pattern of integer or string.</summary>
    private static SchemaNode ReadInside(SchemaSource schema) => new()
    {
        Type = TypeOf(schema.Type),
        Properties = schema.Properties.ToDictionary(property => property.Name, property => ReadInside(property.Schema)),
        Items = schema.Items is { } items ? ReadInside(items) : null,
        Constraints = ReadConstraints(schema),
    };
}
