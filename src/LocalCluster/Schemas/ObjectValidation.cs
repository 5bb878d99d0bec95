using System.Text.Json.Nodes;

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
    /// <param name="old">The object that it replaces; null for a new one. What is wrong but unchanged is tolerated.</param>
    /// <param name="schema">The schema of the root.</param>
    public static ValidationResult Validate(JsonObject value, JsonObject? old, SchemaNode schema) =>
        throw new NotSupportedException();

    /// <summary>Validates a write to the status subresource, where only <c>status</c> differs from the old object.</summary>
    public static ValidationResult ValidateStatus(JsonObject value, JsonObject old, SchemaNode schema) =>
        throw new NotSupportedException();
}
