using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>Holds a value against the types and constraints of its schema, in the words of kube-openapi's validator.</summary>
/// <remarks>
/// Checks return how many of them a value went through. Of several alternatives that all fail, the errors of the one are told that
/// went furthest.
/// </remarks>
internal sealed class ValueValidation
{
    // The metadata of objects is decoded and checked elsewhere, for all kinds alike.
    private const string ObjectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private readonly Findings _findings;

    private ValueValidation(string root) => _findings = new(root);

    /// <summary>Validates a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="old">The value that it replaces: what equals it is tolerated. None to tolerate nothing.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="root">Path of the value; empty for a whole object.</param>
    public static IReadOnlyList<FieldError> Validate(JsonNode? value, Correlation old, SchemaNode schema, string root)
    {
        var validation = new ValueValidation(root);
        validation.CheckUnlessUnchanged(value, old, schema);
        var errors = validation._findings.Errors;
        return errors.Count < 2 ? errors : [.. errors.Distinct()];
    }

    private int CheckUnlessUnchanged(JsonNode? value, Correlation old, SchemaNode schema)
    {
        var before = _findings.Errors.Count;
        var passed = Check(value, old, schema);
        if (_findings.Errors.Count > before && old.IsUnchanged(value, schema))
        {
            _findings.Errors.RemoveRange(before, _findings.Errors.Count - before);
        }

        return passed;
    }

    private int Check(JsonNode? value, Correlation old, SchemaNode schema)
    {
        var passed = CheckType(value, schema) ? 2 : 1;
        var constraints = schema.Constraints;
        if (value is not null)
        {
            passed += constraints is null ? 1 : CheckJunctors(value, old, constraints) + 1;
            passed += CheckContent(value, old, schema);
        }

        if (constraints is { Enum.Count: > 0 })
        {
            ScalarValidation.CheckEnum(value, constraints.Enum, _findings);
        }

        return passed;
    }

    private bool CheckType(JsonNode? value, SchemaNode schema)
    {
        if (value is null ? schema.Nullable || schema.Type == SchemaType.Any : HasType(value, schema.Type))
        {
            return true;
        }

        var actual = NameOf(value);
        var expected = schema.Type == SchemaType.IntOrString ? "integer,string" : schema.Type.Name();
        if (schema.Constraints?.Format is { } format && IsChecked(schema) && value is JsonValue && actual != "string")
        {
            expected = format;
            actual = actual switch { "integer" => "int64", "number" => "float64", _ => "" };
        }

        var shown = GoText.Quote(actual);
        _findings.Add(FieldErrorKind.TypeInvalid, shown, $"must be of type {expected}: {shown}");
        return false;
    }

    private static bool HasType(JsonNode value, SchemaType type) => type switch
    {
        SchemaType.Any => true,
        SchemaType.Object => value is JsonObject,
        SchemaType.Array => value is JsonArray,
        _ => value is JsonValue && type switch
        {
            SchemaType.String => value.GetValueKind() == JsonValueKind.String,
            SchemaType.Boolean => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            SchemaType.Number => value.GetValueKind() == JsonValueKind.Number,
            SchemaType.Integer => NumberRange.IsWhole(value),
            _ => value.GetValueKind() == JsonValueKind.String || NumberRange.IsWhole(value),
        },
    };

    private static bool IsChecked(SchemaNode schema) => schema.Type is SchemaType.Integer or SchemaType.Number
        ? NumberRange.IsFormat(schema)
        : schema.Constraints!.FormatCheck is not null;

    private static string NameOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.TryInteger(out _) ? "integer" : "number",
            _ => "boolean",
        },
    };

    private int CheckContent(JsonNode value, Correlation old, SchemaNode schema) => value switch
    {
        JsonObject map => CheckObject(map, old, schema) + 1,
        JsonArray list => CheckList(list, old, schema) + 2,
        _ => schema.Constraints is { } constraints ? ScalarValidation.Check(value, schema, constraints, _findings) : 1,
    };

    private int CheckObject(JsonObject map, Correlation old, SchemaNode schema)
    {
        var passed = 0;
        for (var i = 0; i < map.Count; i++)
        {
            var (name, child) = map.GetAt(i);
            if (schema.Field(name) is { } field && field.Definition != ObjectMeta)
            {
                _findings.Path.Enter(name);
                passed += CheckUnlessUnchanged(child, old.Property(name), field);
                _findings.Path.Leave();
            }
        }

        if (schema.NonEmpty is { } nonEmpty)
        {
            CheckNonEmpty(map, nonEmpty);
        }
        else if (schema.Constraints is { } constraints)
        {
            CheckKeys(map, constraints);
        }

        return passed;
    }

    private void CheckKeys(JsonObject map, ValueConstraints constraints)
    {
        if (map.Count < constraints.MinProperties)
        {
            _findings.Add(FieldErrorKind.Invalid, $"{map.Count}", $"should have at least {constraints.MinProperties} properties");
        }

        if (constraints.MaxProperties is { } max && map.Count > max)
        {
            _findings.AddTooMany(map.Count, max);
        }

        foreach (var name in constraints.Required)
        {
            if (!map.ContainsKey(name))
            {
                _findings.AddRequired(name);
            }
        }
    }

    private void CheckNonEmpty(JsonObject map, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (map[name].IsZero())
            {
                _findings.AddRequired(name);
            }
        }
    }

    private int CheckList(JsonArray list, Correlation old, SchemaNode schema)
    {
        var passed = 0;
        if (schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++)
            {
                _findings.Path.EnterIndex(i);
                passed += CheckUnlessUnchanged(list[i], old.Item(list, i, schema), items);
                _findings.Path.Leave();
            }
        }

        var constraints = schema.Constraints;
        if (list.Count < constraints?.MinItems)
        {
            _findings.Add(FieldErrorKind.Invalid, $"{list.Count}", $"should have at least {constraints.MinItems} items");
        }

        if (constraints?.MaxItems is { } max && list.Count > max)
        {
            _findings.AddTooMany(list.Count, max);
        }

        if (schema.HasUniqueNames)
        {
            CheckNames(list);
        }

        return passed;
    }

    private void CheckNames(JsonArray list)
    {
        var seen = new HashSet<string>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is JsonObject item && item["name"].TryString(out var name) && !seen.Add(name))
            {
                _findings.Path.EnterIndex(i);
                _findings.Path.Enter("name");
                _findings.AddDuplicate(name);
                _findings.Path.Leave();
                _findings.Path.Leave();
            }
        }
    }

    private int CheckJunctors(JsonNode value, Correlation old, ValueConstraints constraints)
    {
        var passed = 1;
        if (constraints.AnyOf.Count > 0)
        {
            passed += CheckAnyOf(value, old, constraints.AnyOf);
        }

        if (constraints.OneOf.Count > 0)
        {
            passed += CheckOneOf(value, old, constraints.OneOf);
        }

        if (constraints.AllOf.Count > 0)
        {
            passed += CheckAllOf(value, old, constraints.AllOf);
        }

        if (constraints.Not is { } not && Try(value, old, not).IsValid)
        {
            _findings.AddToRoot($"{_findings.QuotedPath} must not validate the schema (not)");
        }

        return passed;
    }

    private int CheckAnyOf(JsonNode value, Correlation old, IReadOnlyList<SchemaNode> schemas)
    {
        var best = Attempt.None;
        foreach (var schema in schemas)
        {
            var attempt = Try(value, old, schema);
            if (attempt.IsValid)
            {
                return attempt.Passed;
            }

            best = attempt.Passed > best.Passed ? attempt : best;
        }

        _findings.AddToRoot($"{_findings.QuotedPath} must validate at least one schema (anyOf)");
        _findings.Errors.AddRange(best.Errors);
        return best.Passed;
    }

    private int CheckOneOf(JsonNode value, Correlation old, IReadOnlyList<SchemaNode> schemas)
    {
        var valid = 0;
        var best = Attempt.None;
        foreach (var schema in schemas)
        {
            var attempt = Try(value, old, schema);
            if (attempt.IsValid)
            {
                best = valid++ == 0 ? attempt : best;
            }
            else if (valid == 0 && attempt.Passed > best.Passed)
            {
                best = attempt;
            }
        }

        if (valid != 1)
        {
            var found = valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives";
            _findings.AddToRoot($"{_findings.QuotedPath} must validate one and only one schema (oneOf). {found}");
            _findings.Errors.AddRange(best.Errors);
        }

        return best.Passed;
    }

    private int CheckAllOf(JsonNode value, Correlation old, IReadOnlyList<SchemaNode> schemas)
    {
        var valid = 0;
        var passed = 0;
        foreach (var schema in schemas)
        {
            var before = _findings.Errors.Count;
            passed += Check(value, old, schema);
            valid += _findings.Errors.Count == before ? 1 : 0;
        }

        if (valid < schemas.Count)
        {
            var none = valid == 0 ? ". None validated" : "";
            _findings.AddToRoot($"{_findings.QuotedPath} must validate all the schemas (allOf){none}");
        }

        return passed;
    }

    /// <summary>Validates against an alternative, of which the errors may not matter.</summary>
    private Attempt Try(JsonNode value, Correlation old, SchemaNode schema)
    {
        var others = _findings.Begin();
        var passed = Check(value, old, schema);
        return new(passed, _findings.End(others));
    }

    private readonly record struct Attempt(int Passed, List<FieldError> Errors)
    {
        public static Attempt None { get; } = new(0, []);

        public bool IsValid => Errors.Count == 0;
    }
}
