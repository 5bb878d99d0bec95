using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.OpenApi;

/// <summary>
/// Writes schemas as OpenAPI documents have them. Named types become references, and are remembered so that their definitions can be
/// added to the document.
/// </summary>
/// <param name="version">Form of the document.</param>
internal sealed class SchemaWriter(OpenApiVersion version)
{
    // With the type as it is used where it is first referred to: scalars with a name, such as times, are defined nowhere else.
    private readonly SortedDictionary<string, SchemaNode?> _referenced = new(StringComparer.Ordinal);

    private string ReferencePrefix => version == OpenApiVersion.V3 ? "#/components/schemas/" : "#/definitions/";

    /// <summary>Writes the definitions that were referred to so far, and those that these refer to.</summary>
    public void WriteDefinitions(JsonObject definitions)
    {
        while (_referenced.FirstOrDefault(reference => !definitions.ContainsKey(reference.Key)) is { Key: { } name, Value: var scalar })
        {
            definitions[name] = BuiltInSchemas.Find(name) is { } schema ? Write(schema)
                : scalar is null or { Type: SchemaType.Any } ? new JsonObject { ["type"] = "object" }
                : Write(new SchemaNode { Type = scalar.Type, Constraints = scalar.Constraints });
        }
    }

    /// <summary>A reference to a definition.</summary>
    public JsonObject Reference(string definition)
    {
        _referenced.TryAdd(definition, null);
        return new JsonObject { ["$ref"] = ReferencePrefix + definition };
    }

    /// <summary>A type, in full.</summary>
    public JsonObject Write(SchemaNode schema)
    {
        var json = new JsonObject();
        Set(json, "description", schema.Description);
        if (version == OpenApiVersion.V2 && schema.Nullable)
        {
            // OpenAPI v2 knows no null: what may be null can't be described.
            return json;
        }

        WriteType(json, schema);
        WriteConstraints(json, schema.Constraints);
        WriteRequired(json, schema);
        if (schema.Properties.Count > 0 && !IsOpen(schema))
        {
            json["properties"] = new JsonObject(schema.Properties.OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Field(p.Value))));
        }

        if (schema.Items is { } items && !IsOpen(schema))
        {
            json["items"] = Field(items);
        }

        if (schema.AdditionalProperties is { } values)
        {
            json["additionalProperties"] = Field(values);
        }

        WriteExtensions(json, schema);
        return json;
    }

    /// <summary>A reference with a description of what it is used for.</summary>
    public JsonObject Described(string definition, string? description)
    {
        var json = new JsonObject();
        Set(json, "description", description);
        if (version == OpenApiVersion.V3)
        {
            json["allOf"] = new JsonArray(Reference(definition));
        }
        else
        {
            json["$ref"] = Reference(definition)["$ref"]!.DeepClone();
        }

        return json;
    }

    /// <summary>A type where it is used: a reference if it has a name.</summary>
    private JsonObject Field(SchemaNode schema)
    {
        if (schema.Definition is not { } definition)
        {
            return Write(schema);
        }

        _referenced.TryAdd(definition, schema);
        var json = Described(definition, schema.Description);
        WriteExtensions(json, schema);
        return json;
    }

    private void WriteType(JsonObject json, SchemaNode schema)
    {
        switch (schema.Type)
        {
            case SchemaType.Any:
                break;
            case SchemaType.IntOrString when version == OpenApiVersion.V3:
                json["format"] = "int-or-string";
                json["oneOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" });
                break;
            case SchemaType.IntOrString:
                json["x-kubernetes-int-or-string"] = true;
                break;
            case SchemaType.Object when IsOpen(schema):
            case SchemaType.Array when version == OpenApiVersion.V2 && (schema.Items is null || IsOpen(schema)):
                break;
            default:
                json["type"] = schema.Type.ToString().ToLowerInvariant();
                break;
        }

        if (version == OpenApiVersion.V3)
        {
            Set(json, "default", schema.Default?.DeepClone());
            Set(json, "nullable", schema.Nullable ? true : null);
        }
    }

    /// <summary>
    /// True for what takes any field, in v2: it must have neither type nor properties there, because older clients refuse unknown fields
    /// of what has.
    /// </summary>
    public bool IsOpen(SchemaNode schema) => version == OpenApiVersion.V2 && schema.PreserveUnknownFields;

    private void WriteConstraints(JsonObject json, ValueConstraints? constraints)
    {
        if (constraints is null)
        {
            return;
        }

        Set(json, "format", constraints.Format);
        Set(json, "enum", constraints.Enum.Count == 0 ? null : new JsonArray([.. constraints.Enum.Select(e => e?.DeepClone())]));
        Set(json, "minimum", constraints.Minimum);
        Set(json, "maximum", constraints.Maximum);
        Set(json, "exclusiveMinimum", constraints.ExclusiveMinimum ? true : null);
        Set(json, "exclusiveMaximum", constraints.ExclusiveMaximum ? true : null);
        Set(json, "multipleOf", constraints.MultipleOf);
        Set(json, "minLength", constraints.MinLength);
        Set(json, "maxLength", constraints.MaxLength);
        Set(json, "pattern", constraints.Pattern);
        Set(json, "minItems", constraints.MinItems);
        Set(json, "maxItems", constraints.MaxItems);
        Set(json, "minProperties", constraints.MinProperties);
        Set(json, "maxProperties", constraints.MaxProperties);
        if (version == OpenApiVersion.V3)
        {
            Set(json, "allOf", All(constraints.AllOf));
            Set(json, "anyOf", All(constraints.AnyOf));
            Set(json, "oneOf", All(constraints.OneOf));
            Set(json, "not", constraints.Not is null ? null : Write(constraints.Not));
        }
    }

    // In v2 a field that may be null can't be asked for, since null is not described.
    private void WriteRequired(JsonObject json, SchemaNode schema)
    {
        var required = (schema.Constraints?.Required ?? []).Where(r => version == OpenApiVersion.V3 || schema.Field(r) is not { Nullable: true });
        Set(json, "required", required.Select(r => JsonValue.Create(r)).ToArray() is { Length: > 0 } names ? new JsonArray(names) : null);
    }

    private JsonArray? All(IReadOnlyList<SchemaNode> schemas) => schemas.Count == 0 ? null : new JsonArray([.. schemas.Select(Write)]);

    private static void WriteExtensions(JsonObject json, SchemaNode schema)
    {
        Set(json, "x-kubernetes-preserve-unknown-fields", schema.PreserveUnknownFields ? true : null);
        Set(json, "x-kubernetes-embedded-resource", schema.EmbeddedResource ? true : null);
        Set(json, "x-kubernetes-list-type", schema.ListType?.ToString().ToLowerInvariant());
        Set(json, "x-kubernetes-list-map-keys", schema.ListMapKeys.Count == 0 ? null : new JsonArray([.. schema.ListMapKeys.Select(k => JsonValue.Create(k))]));
        Set(json, "x-kubernetes-map-type", schema.AtomicMap ? "atomic" : null);
        Set(json, "x-kubernetes-patch-merge-key", schema.PatchMergeKey);
        Set(json, "x-kubernetes-patch-strategy", Strategy(schema.PatchStrategy));
        Set(json, "x-kubernetes-validations", schema.Rules.Count == 0 ? null : new JsonArray([.. schema.Rules.Select(WriteRule)]));
    }

    private static JsonObject WriteRule(ValidationRule rule)
    {
        var json = new JsonObject { ["rule"] = rule.Rule };
        Set(json, "message", rule.Message);
        Set(json, "messageExpression", rule.MessageExpression);
        return json;
    }

    private static string? Strategy(PatchStrategy strategy) => (strategy.HasFlag(PatchStrategy.Merge), strategy.HasFlag(PatchStrategy.RetainKeys)) switch
    {
        (true, true) => "merge,retainKeys",
        (true, false) => "merge",
        (false, true) => "retainKeys",
        _ => null,
    };

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}

/// <summary>The forms of OpenAPI documents that Kubernetes serves.</summary>
internal enum OpenApiVersion
{
    /// <summary>Swagger 2.0: one document for all groups.</summary>
    V2,

    /// <summary>OpenAPI 3.0: one document for each version of a group.</summary>
    V3,
}
