using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>Lengths, patterns and formats of strings, bounds of numbers, and enums.</summary>
internal static class ScalarValidation
{
    /// <summary>Checks a string or a number; of all else it knows nothing.</summary>
    /// <returns>How many checks there were.</returns>
    public static int Check(JsonNode value, SchemaNode schema, ValueConstraints constraints, Findings findings)
    {
        if (value.TryString(out var text))
        {
            CheckText(text, constraints, findings);
            return constraints.FormatCheck is null ? 1 : 2;
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            CheckNumber(value, schema, constraints, findings);
        }

        return 1;
    }

    /// <summary>Checks that a value of any type is one of those that are allowed. Null never is, even if it is listed.</summary>
    public static void CheckEnum(JsonNode? value, IReadOnlyList<JsonNode?> allowed, Findings findings)
    {
        foreach (var candidate in allowed)
        {
            if (value is not null && (value.TryString(out var text)
                ? candidate.TryString(out var other) && text == other
                : JsonNode.DeepEquals(value, candidate)))
            {
                return;
            }
        }

        findings.AddNotSupported(value, allowed.Select(candidate => candidate.TryString(out var text) ? text : GoJson.Write(candidate)));
    }

    private static void CheckText(string text, ValueConstraints constraints, Findings findings)
    {
        if (constraints.MaxLength is { } max && text.Length > max && CelValues.LengthOf(text) > max)
        {
            findings.AddTooLong(max);
        }
        else if (constraints.MinLength is { } min && CelValues.LengthOf(text) < min)
        {
            findings.Add(FieldErrorKind.Invalid, GoText.Quote(text), $"should be at least {min} chars long");
        }
        else if (constraints.PatternRegex is { } pattern && !pattern.IsMatch(text))
        {
            findings.Add(FieldErrorKind.Invalid, GoText.Quote(text), $"should match '{constraints.Pattern}'");
        }

        if (constraints.FormatCheck is { } isValid && !isValid(text))
        {
            findings.Add(FieldErrorKind.TypeInvalid, GoText.Quote(text), $"must be of type {constraints.Format}: {GoText.Quote(text)}");
        }
    }

    private static void CheckNumber(JsonNode value, SchemaNode schema, ValueConstraints constraints, Findings findings)
    {
        foreach (var fault in NumberRange.FaultsOf(value, schema, constraints) ?? [])
        {
            if (fault.IsOfType)
            {
                findings.AddToRoot($"{fault.Detail} in {findings.Path.Relative()}");
            }
            else
            {
                findings.Add(FieldErrorKind.Invalid, GoJson.Show(value), fault.Detail);
            }
        }
    }
}
