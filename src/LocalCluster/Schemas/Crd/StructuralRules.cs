using LocalCluster.Cel;

namespace LocalCluster.Schemas.Crd;

/// <summary>
/// What makes a schema structural (KEP-1693): every field has its type outside of allOf, anyOf, oneOf and not, and what is inside of
/// these is about values only.
/// </summary>
internal sealed class StructuralRules
{
    // What says how an object is built may not depend on its values.
    private static readonly (string Field, string Must)[] ForbiddenInside =
    [
        ("type", "must be empty"),
        ("additionalProperties", "must be undefined"),
        ("default", "must be undefined"),
        ("title", "must be empty"),
        ("description", "must be empty"),
        ("nullable", "must be false"),
        ("x-kubernetes-preserve-unknown-fields", "must be false"),
        ("x-kubernetes-embedded-resource", "must be false"),
        ("x-kubernetes-int-or-string", "must be false"),
        ("x-kubernetes-list-map-keys", "must be empty"),
        ("x-kubernetes-list-type", "must be undefined"),
        ("x-kubernetes-map-type", "must be undefined"),
        ("x-kubernetes-validations", "must be empty"),
    ];

    private readonly List<FieldError> _errors = [];

    private StructuralRules()
    {
    }

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <summary>Checks a whole schema.</summary>
    /// <returns>What is not structural, sorted by the text of the errors.</returns>
    public static IReadOnlyList<FieldError> Check(SchemaSource root)
    {
        var rules = new StructuralRules();
        rules.CheckNode(root, Level.Root);
        rules.CheckCompleteness(root, root, root.Path);
        return [.. rules._errors.OrderBy(error => error.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>True for the one use of types in anyOf that is structural: integer or string.</summary>
    public static bool IsIntOrStringPattern(SchemaSource schema) => schema.Schemas("anyOf") is [var first, var second]
        && first.Type == "integer" && first.HasOnly("type") && second.Type == "string" && second.HasOnly("type");

    private void CheckNode(SchemaSource schema, Level level)
    {
        if (schema.Type == "array" && schema.Items is null)
        {
            Require(schema.At("items"), "must be specified");
        }

        if (schema.Items is { } items)
        {
            CheckNode(items, Level.Item);
        }

        foreach (var (_, property) in schema.Properties)
        {
            CheckNode(property, Level.Field);
        }

        CheckAdditionalProperties(schema, level);
        CheckIntOrString(schema);
        CheckValues(schema, IsIntOrStringPattern(schema));
        CheckType(schema, level);
        CheckMetadata(schema, level);
        if (schema is { IsEmbeddedResource: true, PreservesUnknownFields: false } && !schema.Has("properties"))
        {
            Require(
                schema.At("properties"),
                "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
        }
    }

    private void CheckAdditionalProperties(SchemaSource schema, Level level)
    {
        if (schema["additionalProperties"] is null)
        {
            return;
        }

        if (level == Level.Root)
        {
            Forbid(schema.At("additionalProperties"), "must not be used at the root");
        }

        if (schema.IsEmbeddedResource)
        {
            Forbid(schema.At("additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set");
        }

        if (schema.AdditionalProperties is { } values)
        {
            CheckNode(values, Level.Field);
        }
    }

    private void CheckIntOrString(SchemaSource schema)
    {
        foreach (var other in (string[])["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"])
        {
            if (schema.IsIntOrString && schema.IsTrue(other))
            {
                _errors.Add(FieldError.Invalid(schema.At(other), true, "must be false if x-kubernetes-int-or-string is true"));
            }
        }
    }

    private void CheckType(SchemaSource schema, Level level)
    {
        var field = schema.At("type");
        if (schema.IsEmbeddedResource && schema.Type != "object")
        {
            RequireType(field, schema.Type, "must be object if x-kubernetes-embedded-resource is true");
        }
        else if (schema is { Type: "", IsIntOrString: false, PreservesUnknownFields: false })
        {
            Require(field, level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        }

        if (level == Level.Root && schema.Type is not "" and not "object")
        {
            _errors.Add(FieldError.Invalid(field, schema.Type, "must be object at the root"));
        }
    }

    private void CheckMetadata(SchemaSource schema, Level level)
    {
        if (level != Level.Root && !schema.IsEmbeddedResource)
        {
            return;
        }

        foreach (var name in (string[])["kind", "apiVersion"])
        {
            if (schema.Property(name) is { Type: not "string" } property)
            {
                _errors.Add(FieldError.Invalid(property.At("type"), property.Type, "must be string"));
            }
        }

        if (schema.Property("metadata") is not { } metadata)
        {
            return;
        }

        if (metadata.Type != "object")
        {
            _errors.Add(FieldError.Invalid(metadata.At("type"), metadata.Type, "must be object"));
        }

        var isRestricted = metadata.HasOnly("type", "properties", "default")
            && metadata.Properties.All(property => property.Name is "name" or "generateName");
        if (level == Level.Root && !isRestricted)
        {
            Forbid(metadata.Path, "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    /// <summary>Checks what a schema says of values, here and inside of its junctors.</summary>
    private void CheckValues(SchemaSource schema, bool skipAnyOf)
    {
        foreach (var junctor in SchemaSource.Junctors)
        {
            foreach (var (i, inner) in schema.Schemas(junctor).Index())
            {
                if (junctor != "anyOf" || !skipAnyOf)
                {
                    CheckInside(inner, skipAnyOf: junctor == "allOf" && i == 0 && IsIntOrStringPattern(inner));
                }
            }
        }

        if (schema.Schema("not") is { } not)
        {
            CheckInside(not, skipAnyOf: false);
        }

        if (schema.Text("pattern") is { Length: > 0 } pattern && Re2.Compile(pattern, out var error) is null)
        {
            _errors.Add(FieldError.Invalid(schema.At("pattern"), pattern, $"must be a valid regular expression, but isn't: {error}"));
        }
    }

    private void CheckInside(SchemaSource schema, bool skipAnyOf)
    {
        CheckValues(schema, skipAnyOf);
        if (schema.Items is { } items)
        {
            CheckInside(items, skipAnyOf: false);
        }

        foreach (var (name, property) in schema.Properties)
        {
            CheckInside(property, skipAnyOf: false);
            if (name == "metadata")
            {
                Forbid(property.Path, "must not be specified in a nested context");
            }
        }

        foreach (var (field, must) in ForbiddenInside)
        {
            if (field == "additionalProperties" ? schema.Has(field) || schema.AdditionalProperties is not null : schema.Has(field))
            {
                Forbid(schema.At(field), $"{must} to be structural");
            }
        }
    }

    /// <summary>Checks that all fields that junctors mention are declared outside of them.</summary>
    private void CheckCompleteness(SchemaSource inside, SchemaSource? outside, string outsidePath)
    {
        foreach (var inner in SchemaSource.Junctors.SelectMany(inside.Schemas))
        {
            CheckDeclared(inner, outside, outsidePath);
        }

        if (inside.Schema("not") is { } not)
        {
            CheckDeclared(not, outside, outsidePath);
        }
    }

    private void CheckDeclared(SchemaSource inside, SchemaSource? outside, string outsidePath)
    {
        if (outside is null)
        {
            Require(outsidePath, $"because it is defined in {inside.Path}");
            return;
        }

        CheckCompleteness(inside, outside, outsidePath);
        if (inside.Items is { } items)
        {
            CheckDeclared(items, outside.Items, $"{outsidePath}.items");
        }

        foreach (var (name, property) in inside.Properties)
        {
            CheckDeclared(property, outside.Property(name), $"{outsidePath}.properties[{name}]");
        }
    }

    private void Require(string field, string detail) => _errors.Add(FieldError.Required(field, detail));

    private void RequireType(string field, string type, string detail) =>
        _errors.Add(type.Length == 0 ? FieldError.Required(field, detail) : FieldError.Invalid(field, type, detail));

    private void Forbid(string field, string detail) => _errors.Add(FieldError.Forbidden(field, detail));
}
