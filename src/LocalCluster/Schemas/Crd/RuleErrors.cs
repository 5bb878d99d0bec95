using System.Globalization;
using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Crd;

/// <summary>Tells which rules of a schema do not compile, compare what can't be compared, or may cost too much.</summary>
/// <param name="enforceCost">False for a schema that is stored already: a rule of it may cost more than a new one.</param>
internal sealed class RuleErrors(bool enforceCost)
{
    // The limits and the size of the largest request are those of a Kubernetes API server; costs are in the units of Costs.
    private const double CostLimit = 10_000_000;
    private const double TotalLimit = 100_000_000;
    private const double MaxRequest = 3 * 1024 * 1024;
    private const int MostTold = 4;
    private const string Field = "x-kubernetes-validations";

    private readonly List<FieldError> _errors = [];
    private readonly List<(string Path, double Cost)> _expensive = [];
    private double _total;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Checks the rules of one schema.</summary>
    public void Check(SchemaSource schema, SchemaNode node, Place place)
    {
        if (node.Rules.Count > 0 && SchemaBinding.TypeOf(node) is null)
        {
            _errors.Add(new FieldError(
                FieldErrorKind.Internal,
                schema.At(Field),
                null,
                "internal error: failed to construct type information for x-kubernetes-validations rules: " +
                "unable to convert structural schema to CEL declarations"));
            return;
        }

        foreach (var (i, rule) in node.Rules.Index())
        {
            CheckRule(rule, schema.Rules[i], $"{schema.At(Field)}[{i}]", node, place);
        }
    }

    /// <summary>Checks what all rules together may cost.</summary>
    /// <param name="path">Path of the whole schema.</param>
    public void CheckTotal(string path)
    {
        if (_total <= TotalLimit)
        {
            return;
        }

        foreach (var (rule, _) in _expensive.OrderByDescending(entry => entry.Cost).Take(MostTold))
        {
            _errors.Add(FieldError.Forbidden(
                rule, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        }

        const string What = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
        _errors.Add(FieldError.Forbidden(path, Exceeds(What, _total, TotalLimit)));
    }

    private void CheckRule(ValidationRule rule, JsonObject json, string path, SchemaNode node, Place place)
    {
        if (rule.Program is { } program)
        {
            var count = place.Count ?? Math.Floor(MaxRequest / (SchemaBinding.MinSize(node) + 1));
            CheckCost(program.EstimatedCost * count, "estimated rule cost", $"{path}.rule");
        }
        else
        {
            _errors.Add(new FieldError(FieldErrorKind.Invalid, $"{path}.rule", Show(json), rule.Error!));
        }

        if (rule.MessageError is { } error)
        {
            _errors.Add(new FieldError(FieldErrorKind.Invalid, $"{path}.messageExpression", Show(json), error));
        }
        else if (rule.MessageProgram is { } message)
        {
            CheckCost(message.EstimatedCost, "estimated messageExpression cost", $"{path}.messageExpression");
        }

        if (rule.UsesOldSelf && place.Uncorrelatable is { } outer)
        {
            _errors.Add(FieldError.Invalid(
                $"{path}.rule", rule.Rule, $"oldSelf cannot be used on the uncorrelatable portion of the schema within {outer}"));
        }

        if (!rule.UsesOldSelf && json["optionalOldSelf"] is { } optional)
        {
            _errors.Add(FieldError.Invalid($"{path}.optionalOldSelf", optional, "may not be set if oldSelf is not used in rule"));
        }
    }

    private void CheckCost(double cost, string what, string path)
    {
        if (enforceCost && cost > CostLimit)
        {
            _errors.Add(FieldError.Forbidden(path, Exceeds(what, cost, CostLimit)));
        }

        _total += cost;
        if (cost >= TotalLimit / 100)
        {
            _expensive.Add((path, cost));
        }
    }

    private static string Exceeds(string what, double cost, double limit)
    {
        var times = cost / limit;
        var factor = times > 100 ? "more than 100x" : times.ToString(times < 1.5 ? "F6" : "F1", CultureInfo.InvariantCulture) + "x";
        return $"{what} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength " +
            "where arrays, maps, and strings are declared)";
    }

    // The API shows its internal form of a rule, which has other names than the JSON.
    private static string Show(JsonObject rule)
    {
        var fields = ((string Name, JsonNode? Value)[])
        [
            ("Rule", RuleFields.Text(rule, "rule")),
            ("Message", RuleFields.Text(rule, "message")),
            ("MessageExpression", RuleFields.Text(rule, "messageExpression")),
            ("Reason", rule["reason"]),
            ("FieldPath", RuleFields.Text(rule, "fieldPath")),
            ("OptionalOldSelf", rule["optionalOldSelf"]),
        ];
        return $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{GoJson.Write(field.Value)}"))}}}";
    }
}
