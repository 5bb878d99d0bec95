using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>Runs the CEL rules of a schema on a value, within a budget for all of them together.</summary>
internal sealed class RuleValidation
{
    // In the units of Costs, as a Kubernetes API server has them.
    private const double Budget = 10_000_000;
    private const double CallLimit = 1_000_000;
    private const string LimitExceeded = "operation cancelled: actual cost limit exceeded";
    private const string NothingMoreRuns = "no further validation rules will be run";

    private readonly FieldPath _path;
    private readonly List<FieldError> _errors = [];
    private readonly List<string> _warnings = [];
    private double _remaining = Budget;

    private RuleValidation(string root) => _path = new(root);

    /// <summary>Runs the rules.</summary>
    /// <param name="value">The value, which is otherwise valid.</param>
    /// <param name="old">The value that it replaces. Rules that failed for it too, where it did not change, only warn.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="root">Path of the value; empty for a whole object.</param>
    public static ValidationResult Validate(JsonNode? value, Correlation old, SchemaNode schema, string root = "")
    {
        var validation = new RuleValidation(root);
        validation.Walk(value, new Site(old, new(value, old, schema)), schema);
        return new(validation._errors, validation._warnings);
    }

    /// <returns>False when the budget is used up.</returns>
    private bool Walk(JsonNode? value, Site site, SchemaNode schema)
    {
        // A rule on a nullable value is for its values; what is above it can have a rule on null.
        if (value is null || !schema.Features.HasFlag(SchemaFeatures.Rules))
        {
            return true;
        }

        foreach (var rule in schema.Rules)
        {
            if (!Run(rule, value, site, schema))
            {
                return false;
            }
        }

        return value switch
        {
            JsonObject map => WalkObject(map, site, schema),
            JsonArray list => WalkList(list, site, schema),
            _ => true,
        };
    }

    private bool WalkObject(JsonObject map, Site site, SchemaNode schema)
    {
        foreach (var (name, child) in map)
        {
            if (schema.Field(name) is not { } field)
            {
                continue;
            }

            _path.EnterField(schema, name);
            var goOn = Walk(child, site.Into(child, site.Old.Property(name), field), field);
            _path.Leave();
            if (!goOn)
            {
                return false;
            }
        }

        return true;
    }

    private bool WalkList(JsonArray list, Site site, SchemaNode schema)
    {
        for (var i = 0; i < list.Count && schema.Items is not null; i++)
        {
            _path.EnterIndex(i);
            var goOn = Walk(list[i], site.Into(list[i], site.Old.Item(list, i, schema), schema.Items), schema.Items);
            _path.Leave();
            if (!goOn)
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>False when no more rules may run.</returns>
    private bool Run(ValidationRule rule, JsonNode value, Site site, SchemaNode schema)
    {
        if (rule.Program is not { } program)
        {
            AddFault(schema, $"rule compile error: {rule.Error}");
            return true;
        }

        var old = site.Old.Old;
        if (old is null && rule is { UsesOldSelf: true, OptionalOldSelf: false })
        {
            return true;
        }

        var variables = Variables(rule, value, old, schema);
        var result = program.Evaluate(variables, CallLimit);
        if (result.Cost > _remaining)
        {
            AddFault(schema, $"validation failed due to running out of cost budget, {NothingMoreRuns}");
            return false;
        }

        _remaining -= result.Cost;
        switch (result)
        {
            case { Value: true }:
                return true;
            case { Error: null }:
                return Fail(rule, value, site, schema, variables);
            case { Error: var error } when error.StartsWith(LimitExceeded, StringComparison.Ordinal):
                AddFault(schema, $"'{error}': {NothingMoreRuns} due to call cost exceeds limit for rule: {rule.DisplayName}");
                return false;
            case { Error: var error } when error.StartsWith("no such overload", StringComparison.Ordinal):
                AddFault(schema, $"'{error}': call arguments did not match a supported operator, function or macro signature for rule: " +
                    rule.DisplayName);
                return true;
            case { Error: var error }:
                AddFault(schema, $"{error} evaluating rule: {rule.DisplayName}");
                return true;
        }
    }

    private static object?[] Variables(ValidationRule rule, JsonNode value, JsonNode? old, SchemaNode schema)
    {
        var self = SchemaBinding.ToValue(value, schema);
        if (!rule.UsesOldSelf && rule.MessageProgram?.Uses(ValidationRule.OldSelf) != true)
        {
            return [self, null];
        }

        var oldSelf = old is null ? null : SchemaBinding.ToValue(old, schema);
        return rule.OptionalOldSelf ? [self, oldSelf is null ? CelOptional.None : CelOptional.Of(oldSelf)] : [self, oldSelf];
    }

    /// <summary>Tells that a rule does not hold.</summary>
    private bool Fail(ValidationRule rule, JsonNode value, Site site, SchemaNode schema, object?[] variables)
    {
        var message = rule.Message.Length > 0 ? rule.Message.Trim() : $"failed rule: {rule.DisplayName}";
        if (rule.MessageProgram is { } program)
        {
            var result = program.Evaluate(variables, CallLimit);
            var fault = result.Cost > _remaining ? $"messageExpression evaluation failed due to running out of cost budget, {NothingMoreRuns}"
                : result.Error?.StartsWith(LimitExceeded, StringComparison.Ordinal) == true
                    ? $"{NothingMoreRuns} due to call cost exceeds limit for messageExpression: {GoText.Quote(rule.MessageExpression)}"
                : null;
            if (fault is not null)
            {
                AddFault(schema, fault);
                return false;
            }

            _remaining -= result.Cost;
            message = MessageText.Of(result.Value) ?? message;
        }

        var field = _path.ToString();
        if (rule.FieldPath.Length > 0)
        {
            field = field.Length == 0 ? rule.FieldPath : $"{field}.{rule.FieldPath}";
        }

        var shown = rule.Reason is FieldErrorKind.Invalid or FieldErrorKind.Duplicate && value is JsonValue ? GoJson.Show(value) : null;
        var error = new FieldError(rule.Reason, field, shown, rule.Reason == FieldErrorKind.Duplicate ? "" : message);
        if (!rule.UsesOldSelf && site.Nearest.IsUnchanged)
        {
            _warnings.Add(error.ToString());
        }
        else
        {
            _errors.Add(error);
        }

        return true;
    }

    /// <summary>Tells that a rule could not be run. Of the value only the type is shown.</summary>
    private void AddFault(SchemaNode schema, string detail) => _errors.Add(FieldError.Invalid(_path.ToString(), schema.Type.Name(), detail));

    /// <summary>Where a rule runs.</summary>
    /// <param name="Old">What the value replaces.</param>
    /// <param name="Nearest">The value, or the nearest one around it of which one knows what it replaces.</param>
    private readonly record struct Site(Correlation Old, Correlated Nearest)
    {
        public Site Into(JsonNode? child, Correlation old, SchemaNode schema) =>
            new(old, old.Exists ? new(child, old, schema) : Nearest);
    }

    private readonly record struct Correlated(JsonNode? Value, Correlation Old, SchemaNode Schema)
    {
        public bool IsUnchanged => Old.IsUnchanged(Value, Schema);
    }
}
