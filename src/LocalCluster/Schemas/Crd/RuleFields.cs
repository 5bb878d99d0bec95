using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.Crd;

/// <summary>What the fields of a rule must be, beside that its expressions compile.</summary>
internal static class RuleFields
{
    private static readonly string[] Reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    /// <summary>Checks the rules of one schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="node">The same, read; null when it could not be, so that nothing is said of paths into it.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static void Check(SchemaSource schema, SchemaNode? node, List<FieldError> errors)
    {
        foreach (var (i, rule) in schema.Rules.Index())
        {
            var path = $"{schema.At("x-kubernetes-validations")}[{i}]";
            CheckTexts(rule, path, errors);
            CheckFieldPath(rule, path, node, errors);
            if (rule["reason"].TryString(out var reason) && !Reasons.Contains(reason))
            {
                errors.Add(FieldError.NotSupported($"{path}.reason", reason, Reasons));
            }
        }
    }

    /// <summary>A text of a rule; empty when it is absent.</summary>
    public static string Text(JsonObject rule, string field) => rule[field].TryString(out var text) ? text : "";

    private static void CheckTexts(JsonObject rule, string path, List<FieldError> errors)
    {
        var (expression, message) = (Text(rule, "rule"), Text(rule, "message"));
        if (expression.Trim().Length == 0)
        {
            errors.Add(FieldError.Required($"{path}.rule", "rule is not specified"));
        }
        else if (message.Length > 0 && message.Trim().Length == 0)
        {
            errors.Add(FieldError.Invalid($"{path}.message", message, "must be non-empty if specified"));
        }
        else if (HasLineBreaks(message.Trim()))
        {
            errors.Add(FieldError.Invalid($"{path}.message", message, "must not contain line breaks"));
        }
        else if (HasLineBreaks(expression.Trim()) && message.Length == 0)
        {
            errors.Add(FieldError.Required($"{path}.message", "message must be specified if rule contains line breaks"));
        }

        if (Text(rule, "messageExpression") is { Length: > 0 } messageExpression && messageExpression.Trim().Length == 0)
        {
            errors.Add(FieldError.Required($"{path}.messageExpression", "messageExpression must be non-empty if specified"));
        }
    }

    private static void CheckFieldPath(JsonObject rule, string path, SchemaNode? node, List<FieldError> errors)
    {
        var fieldPath = Text(rule, "fieldPath");
        if (fieldPath.Length == 0)
        {
            return;
        }

        if (fieldPath.Trim().Length == 0)
        {
            errors.Add(FieldError.Invalid($"{path}.fieldPath", fieldPath, "must be non-empty if specified"));
        }

        if (HasLineBreaks(fieldPath))
        {
            errors.Add(FieldError.Invalid($"{path}.fieldPath", fieldPath, "must not contain line breaks"));
        }

        if (node is not null && RuleFieldPath.Resolve(fieldPath, node, out _) is null)
        {
            errors.Add(FieldError.Invalid($"{path}.fieldPath", fieldPath, "must be a valid path"));
        }
    }

    private static bool HasLineBreaks(string text) => text.AsSpan().ContainsAny('\n', '\r');
}
