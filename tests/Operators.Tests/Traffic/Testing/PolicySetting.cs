using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic.Testing;

/// <summary>A value that is set in a spec, and where.</summary>
/// <param name="Kind">Kind of policy.</param>
/// <param name="Steps">The way to it: names of fields, and places in lists.</param>
/// <param name="Schema">Its schema.</param>
internal sealed record PolicySetting(string Kind, IReadOnlyList<object> Steps, JsonObject Schema)
{
    /// <summary>Lists whose items are named in the paths that providers report.</summary>
    private static readonly string[] Named = ["routes", "limits", "requestSchemas"];

    /// <summary>Every value that is set.</summary>
    public static IReadOnlyList<PolicySetting> In(PolicySet specs) =>
        [.. PolicySet.Kinds.SelectMany(kind => Below(kind, [], specs.SpecOf(kind), PolicyField.SpecSchema(kind)))];

    /// <summary>Path without places, as of a <see cref="PolicyField"/>.</summary>
    public string Field => $"spec.{string.Join('.', Steps.OfType<string>())}";

    /// <summary>Path as providers report it, with the names of named things.</summary>
    public string PathIn(PolicySet specs)
    {
        var path = "spec";
        JsonNode at = specs.SpecOf(Kind);
        for (var i = 0; i < Steps.Count; i++)
        {
            var list = i > 0 ? Steps[i - 1] as string : null;
            at = Steps[i] is int place ? at[place]! : at[(string)Steps[i]]!;
            path += Steps[i] is string name ? $".{name}" : Named.Contains(list) ? $"[{(string?)at["name"]}]" : "";
        }

        return path;
    }

    /// <summary>The value that is set, as text.</summary>
    public string ValueIn(PolicySet specs) => Steps.Aggregate((JsonNode)specs.SpecOf(Kind), static (at, step) => step is int place ? at[place]! : at[(string)step]!).ToString();

    /// <summary>The specs with another value here; null when what belongs together leaves no other.</summary>
    public PolicySet? Changed(PolicySet specs, PolicyValues values)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            var changed = With(specs, values.Value(Field, Schema));
            changed = PolicyValues.Sound(changed);
            if (!PolicySet.Kinds.All(kind => JsonNode.DeepEquals(changed.SpecOf(kind), specs.SpecOf(kind))) && PolicySet.Kinds.All(kind => PolicyValues.HasUniqueKeys(changed.SpecOf(kind), PolicyField.SpecSchema(kind))))
            {
                return changed;
            }
        }

        return null;
    }

    /// <summary>The specs with a value here.</summary>
    public PolicySet With(PolicySet specs, JsonNode value)
    {
        var changed = specs.Copied();
        JsonNode at = changed.SpecOf(Kind);
        foreach (var step in Steps.SkipLast(1))
        {
            at = step is int place ? at[place]! : at[(string)step]!;
        }

        at[(string)Steps[^1]] = value;
        return changed;
    }

    /// <summary>True when a plan says of the setting, or of something that it is a part of, that it can't be expressed.</summary>
    public bool IsReported(ProviderPlan plan, PolicySet specs) => IsReported(plan, PathIn(specs));

    public static bool IsReported(ProviderPlan plan, string path) => plan.Unsupported.Any(setting => Covers(setting, path));

    private static bool Covers(UnsupportedSetting setting, string path) =>
        path == setting.Field || path.StartsWith($"{setting.Field}.", StringComparison.Ordinal) || path.StartsWith($"{setting.Field}[", StringComparison.Ordinal);

    private static IEnumerable<PolicySetting> Below(string kind, IReadOnlyList<object> steps, JsonNode value, JsonObject schema)
    {
        if (PolicyField.IsValue(schema))
        {
            return [new(kind, steps, schema)];
        }

        return value is JsonArray items
            ? items.SelectMany((item, place) => Below(kind, [.. steps, place], item!, schema["items"]!.AsObject()))
            : value.AsObject().SelectMany(field => Below(kind, [.. steps, field.Key], field.Value!, schema["properties"]![field.Key]!.AsObject()));
    }
}
