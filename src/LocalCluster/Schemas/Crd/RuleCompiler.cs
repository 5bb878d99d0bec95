using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Crd;

/// <summary>Compiles <c>x-kubernetes-validations</c>.</summary>
internal static class RuleCompiler
{
    /// <summary>Compiles the rules of one schema. What does not compile says why.</summary>
    /// <param name="rules">The rules as they were written.</param>
    /// <param name="node">The schema, without its rules.</param>
    public static IReadOnlyList<ValidationRule> Compile(IReadOnlyList<JsonObject> rules, SchemaNode node)
    {
        if (rules.Count == 0)
        {
            return [];
        }

        var type = SchemaBinding.TypeOf(node);
        return [.. rules.Select(rule => Compile(rule, node, type))];
    }

    private static ValidationRule Compile(JsonObject json, SchemaNode node, CelType? type)
    {
        var isOptional = json["optionalOldSelf"].TryBoolean(out var optional) && optional;
        var rule = new ValidationRule
        {
            Rule = RuleFields.Text(json, "rule"),
            Message = RuleFields.Text(json, "message"),
            MessageExpression = RuleFields.Text(json, "messageExpression"),
            Reason = Enum.TryParse<FieldErrorKind>(RuleFields.Text(json, "reason").Replace("FieldValue", "", StringComparison.Ordinal), out var kind)
                ? kind
                : FieldErrorKind.Invalid,
            FieldPath = RuleFieldPath.Resolve(RuleFields.Text(json, "fieldPath"), node, out _) ?? "",
            OptionalOldSelf = isOptional,
        };
        if (type is null)
        {
            return rule with { Error = "no type information" };
        }

        CelVariable[] variables = [new("self", type), new("oldSelf", isOptional ? CelType.Optional(type) : type)];
        var program = CelProgram.Compile(rule.Rule, variables, out var issues);
        if (program is null || program.ResultType.Kind != CelKind.Bool)
        {
            return rule with { Error = program is null ? $"compilation failed: {issues}" : "cel expression must evaluate to a bool" };
        }

        rule = rule with { Program = program };
        if (rule.MessageExpression.Length == 0)
        {
            return rule;
        }

        var message = CelProgram.Compile(rule.MessageExpression, variables, out issues);
        if (message is null || message.ResultType.Kind != CelKind.String)
        {
            var error = message is null ? $"messageExpression compilation failed: {issues}" : "messageExpression must evaluate to a string";
            return rule with { MessageError = error };
        }

        return rule with { MessageProgram = message };
    }
}
