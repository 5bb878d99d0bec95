using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.Crd;

/// <summary>What a Kubernetes API server asks of the OpenAPI schema of a custom resource, beside that it is structural.</summary>
internal sealed class OpenApiRules
{
    /// <summary>What JSON schema has and Kubernetes has not.</summary>
    public static readonly IReadOnlyList<string> Unsupported =
        ["id", "$schema", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    private readonly RuleErrors _rules;
    private readonly List<FieldError> _errors = [];

    private OpenApiRules(RuleErrors rules) => _rules = rules;

    /// <summary>Checks a whole schema.</summary>
    /// <param name="root">The schema.</param>
    /// <param name="node">The same, read; null when it could not be, so that nothing is said of its CEL rules.</param>
    /// <param name="enforceCost">False for a schema that is stored already: its rules may cost more than new ones.</param>
    public static IReadOnlyList<FieldError> Check(SchemaSource root, SchemaNode? node, bool enforceCost)
    {
        var rules = new OpenApiRules(new RuleErrors(enforceCost));
        rules.CheckNode(root, new Place { Node = node, IsRoot = true });
        rules._rules.CheckTotal(root.Path);
        return [.. rules._errors, .. rules._rules.Errors];
    }

    private void CheckNode(SchemaSource schema, Place place)
    {
        var before = _errors.Count;
        CheckKeywords(schema, place);
        CheckAdditionalProperties(schema, place);
        foreach (var (name, property) in schema.Properties)
        {
            CheckNode(property, place.Property(schema, name));
        }

        foreach (var inner in SchemaSource.Junctors.SelectMany(schema.Schemas))
        {
            CheckNode(inner, place.Inside());
        }

        if (schema.Schema("not") is { } not)
        {
            CheckNode(not, place.Inside());
        }

        if (schema.Items is { } items)
        {
            CheckNode(items, place.Items(schema));
        }

        CheckMapType(schema);
        CheckListType(schema);
        ListMapRules.Check(schema, _errors);
        RuleFields.Check(schema, place.Node, _errors);

        // What a rule is checked against must be right first.
        if (_errors.Count == before && place.Node is { } node)
        {
            _rules.Check(schema, node, place);
        }
    }

    private void CheckKeywords(SchemaSource schema, Place place)
    {
        if (schema.Type == "null")
        {
            Forbid(schema.At("type"), "type cannot be set to null, use nullable as an alternative");
        }

        if (schema.Type.Length > 0 && !Types.Contains(schema.Type))
        {
            _errors.Add(FieldError.NotSupported(schema.At("type"), schema.Type, Types));
        }

        if (schema.Default is not null && place.NoDefaults is { } reason)
        {
            Forbid(schema.At("default"), $"must not be set {reason}");
        }

        foreach (var keyword in Unsupported)
        {
            if (schema.Has(keyword))
            {
                Forbid(schema.At(keyword), $"{keyword} is not supported");
            }
        }

        if (schema["items"] is JsonArray { Count: > 0 })
        {
            Forbid(schema.At("items"), "items must be a schema object and not an array");
        }

        if (place.IsMetadata && schema.IsEmbeddedResource)
        {
            Forbid(schema.At("x-kubernetes-embedded-resource"), "must not be used inside of resource meta");
        }

        if (schema.IsTrue("uniqueItems"))
        {
            Forbid(schema.At("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }

        if (schema["x-kubernetes-preserve-unknown-fields"] is not null && !schema.PreservesUnknownFields)
        {
            _errors.Add(FieldError.Invalid(schema.At("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"));
        }
    }

    private void CheckAdditionalProperties(SchemaSource schema, Place place)
    {
        if (schema["additionalProperties"] is { } values && schema.Has("properties") && !(values.TryBoolean(out var all) && all))
        {
            Forbid(schema.At("additionalProperties"), "additionalProperties and properties are mutual exclusive");
        }

        if (schema.AdditionalProperties is { } value)
        {
            CheckNode(value, place.Values(schema));
        }
    }

    private void CheckMapType(SchemaSource schema)
    {
        const string Field = "x-kubernetes-map-type";
        if (schema.Text(Field) is not { } type)
        {
            return;
        }

        if (schema.Type != "object")
        {
            RequireType(schema, "must be object if x-kubernetes-map-type is specified");
        }

        if (type is not "atomic" and not "granular")
        {
            _errors.Add(FieldError.NotSupported(schema.At(Field), type, ["atomic", "granular"]));
        }
    }

    private void CheckListType(SchemaSource schema)
    {
        const string Field = "x-kubernetes-list-type";
        if (schema.ListType is not { } type)
        {
            return;
        }

        if (schema.Type != "array")
        {
            RequireType(schema, "must be array if x-kubernetes-list-type is specified");
        }
        else if (type == "set" && schema.Items is { } items)
        {
            CheckSetItems(items);
        }

        if (type is not "atomic" and not "set" and not "map")
        {
            _errors.Add(FieldError.NotSupported(schema.At(Field), type, ["atomic", "set", "map"]));
        }
    }

    private void CheckSetItems(SchemaSource items)
    {
        var field = items switch
        {
            { Type: "array", ListType: not null and not "atomic" } => "x-kubernetes-list-type",
            { Type: "object" } when items.Text("x-kubernetes-map-type") != "atomic" => "x-kubernetes-map-type",
            _ => null,
        };
        if (field is not null)
        {
            // It shows the list type in both cases.
            _errors.Add(FieldError.Invalid(
                items.At(field), items.ListType, "must be atomic as item of a list with x-kubernetes-list-type=set"));
        }
    }

    private void RequireType(SchemaSource schema, string detail) => _errors.Add(schema.Type.Length == 0
        ? FieldError.Required(schema.At("type"), detail)
        : FieldError.Invalid(schema.At("type"), schema.Type, detail));

    private void Forbid(string field, string detail) => _errors.Add(FieldError.Forbidden(field, detail));
}
