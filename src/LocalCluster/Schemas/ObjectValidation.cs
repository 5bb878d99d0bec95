using System.Text.Json.Nodes;
using LocalCluster.Schemas.Validation;

namespace LocalCluster.Schemas;

/// <summary>What validation found.</summary>
/// <param name="Errors">Why the object can't be accepted; empty when it can.</param>
/// <param name="Warnings">Faults that the old object had too, and that are therefore only told.</param>
internal sealed record ValidationResult(IReadOnlyList<FieldError> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>True when the object can be accepted.</summary>
    public bool IsValid => Errors.Count == 0;
}

/// <summary>Holds an object against its schema.</summary>
internal static class ObjectValidation
{
    /// <summary>
    /// Validates a whole object, pruned and defaulted: types, bounds, required fields, unique list items, embedded resources, rules.
    /// </summary>
    /// <param name="value">The object as it would be stored.</param>
    /// <param name="old">
    /// The object that it replaces; null for a new one. What is wrong but unchanged is tolerated in custom resources (KEP-4008).
    /// </param>
    /// <param name="schema">The schema of the root.</param>
    public static ValidationResult Validate(JsonObject value, JsonObject? old, SchemaNode schema)
    {
        if (IsBuiltIn(schema))
        {
            var errors = ValueValidation.Validate(value, Correlation.None, schema, root: "");
            return new(old is null ? errors : [.. errors, .. ImmutableFields.Check(value, old, schema)], []);
        }

        var correlation = Correlation.To(old);
        return Complete(ValueValidation.Validate(value, correlation, schema, root: ""), value, correlation, schema);
    }

    /// <summary>Validates a write to the status subresource, where only <c>status</c> differs from the old object.</summary>
    public static ValidationResult ValidateStatus(JsonObject value, JsonObject old, SchemaNode schema)
    {
        const string Status = "status";
        var correlation = Correlation.To(old);
        var status = value[Status];
        var errors = status is null || schema.Field(Status) is not { } field
            ? []
            : ValueValidation.Validate(status, IsBuiltIn(schema) ? Correlation.None : correlation.Property(Status), field, Status);
        return IsBuiltIn(schema) ? new(errors, []) : Complete(errors, value, correlation, schema);
    }

    private static bool IsBuiltIn(SchemaNode schema) => schema.Definition is not null;

    private static ValidationResult Complete(IReadOnlyList<FieldError> errors, JsonObject value, Correlation old, SchemaNode schema)
    {
        if (schema.Features == SchemaFeatures.None)
        {
            return new(errors, []);
        }

        List<FieldError> all = [.. errors, .. EmbeddedObjects.Check(value, schema)];
        if (UniqueItems.Check(value, schema) is { Count: > 0 } duplicates
            && (old.Old is not JsonObject before || UniqueItems.Check(before, schema).Count == 0))
        {
            all.AddRange(duplicates);
        }

        if (!schema.Features.HasFlag(SchemaFeatures.Rules))
        {
            return new(all, []);
        }

        if (all.Exists(IsBlocking))
        {
            all.Add(FieldError.Invalid(
                "",
                null,
                "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
            return new(all, []);
        }

        var rules = RuleValidation.Validate(value, old, schema);
        return new([.. all, .. rules.Errors], rules.Warnings);
    }

    // Rules are checked and costed for values of the right type and size only.
    private static bool IsBlocking(FieldError error) => error.Kind
        is FieldErrorKind.NotSupported or FieldErrorKind.Required or FieldErrorKind.TooLong or FieldErrorKind.TooMany or FieldErrorKind.TypeInvalid;
}
