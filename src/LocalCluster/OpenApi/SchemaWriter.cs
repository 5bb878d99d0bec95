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
    private readonly SortedSet<string> _referenced = new(StringComparer.Ordinal);

    private string ReferencePrefix => version == OpenApiVersion.V3 ? "#/components/schemas/" : "#/definitions/";

    /// <summary>Writes the definitions that were referred to so far, and those that these refer to.</summary>
    public void WriteDefinitions(JsonObject definitions)
    {
        while (_referenced.FirstOrDefault(name => !definitions.ContainsKey(name)) is { } name)
        {
            definitions[name] = BuiltInSchemas.Find(name) is { } schema ? Write(schema) : new JsonObject { ["type"] = "object" };
        }
    }

    /// <summary>A reference to a definition.</summary>
    public JsonObject Reference(string definition)
    {
        _referenced.Add(definition);
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
        if (schema.Properties.Count > 0 && !(version == OpenApiVersion.V2 && schema.PreserveUnknownFields))
        {
            json["properties"] = new JsonObject(schema.Properties.OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Field(p.Value))));
        }

        if (schema.Items is { } items)
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

    /// <summary>A type where it is used: a reference if it has a name.</summary>
    private JsonObject Field(SchemaNode schema)
    {
        if (schema.Definition is not { } definition)
        {
            return Write(schema);
        }

        var json = new JsonObject();
        Set(json, "description", schema.Description);
        if (version == OpenApiVersion.V3)
        {
            json["allOf"] = new JsonArray(Reference(definition));
        }
        else
        {
            json["$ref"] = Reference(definition)["$ref"]!.DeepClone();
        }

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
            default:
                // kubectl refuses unknown fields of typed objects: an object that takes any field must not have a type in v2.
                if (version == OpenApiVersion.V3 || !schema.PreserveUnknownFields)
                {
                    json["type"] = schema.Type.ToString().ToLowerInvariant();
                }

                break;
        }

        if (version == OpenApiVersion.V3)
        {
            Set(json, "default", schema.Default?.DeepClone());
            Set(json, "nullable", schema.Nullable ? true : null);
        }
    }

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
        Set(json, "uniqueItems", constraints.UniqueItems ? true : null);
        Set(json, "minProperties", constraints.MinProperties);
        Set(json, "maxProperties", constraints.MaxProperties);
        Set(json, "required", constraints.Required.Count == 0 ? null : new JsonArray([.. constraints.Required.Select(r => JsonValue.Create(r))]));
        if (version == OpenApiVersion.V3)
        {
            Set(json, "allOf", All(constraints.AllOf));
            Set(json, "anyOf", All(constraints.AnyOf));
            Set(json, "oneOf", All(constraints.OneOf));
            Set(json, "not", constraints.Not is null ? null : Write(constraints.Not));
        }
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
