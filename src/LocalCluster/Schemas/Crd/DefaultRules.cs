using System.Text.Json.Nodes;
using LocalCluster.Schemas.Validation;

namespace LocalCluster.Schemas.Crd;

/// <summary>Checks that the defaults of a schema are values of it.</summary>
internal static class DefaultRules
{
    /// <summary>Checks all defaults of a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="node">The same, read.</param>
    public static IReadOnlyList<FieldError> Check(SchemaSource schema, SchemaNode node)
    {
        var errors = new List<FieldError>();
        Walk(schema, node, errors);
        return errors;
    }

    private static void Walk(SchemaSource schema, SchemaNode node, List<FieldError> errors)
    {
        if (schema.Default is { } value)
        {
            CheckDefault(value, node, schema.At("default"), errors);
        }

        if (schema.Items is { } items && node.Items is { } itemNode)
        {
            Walk(items, itemNode, errors);
        }

        foreach (var (name, property) in schema.Properties)
        {
            Walk(property, node.Properties[name], errors);
        }
    }

    private static void CheckDefault(JsonNode value, SchemaNode node, string path, List<FieldError> errors)
    {
        var pruned = value.DeepClone();
        Pruning.Prune(pruned, node);
        if (!JsonNode.DeepEquals(pruned, value))
        {
            errors.Add(FieldError.Invalid(path, value, "must not have unknown fields"));
        }

        var faults = EmbeddedObjects.Check(value, node, path) is { Count: > 0 } embedded
            ? embedded
            : ValueValidation.Validate(value, Correlation.None, node, path);
        if (faults.Count == 0)
        {
            // Rules may say one thing of a value that stays, and another of a new one.
            faults = RuleValidation.Validate(value, Correlation.To(value), node, path).Errors;
        }

        if (faults.Count == 0)
        {
            faults = RuleValidation.Validate(value, Correlation.None, node, path).Errors;
        }

        errors.AddRange(faults);
    }
}
