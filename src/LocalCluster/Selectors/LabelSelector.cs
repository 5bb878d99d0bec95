using System.Globalization;
using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Selectors;

/// <summary>Conditions on labels, all of which must hold.</summary>
internal sealed class LabelSelector
{
    private readonly IReadOnlyList<LabelRequirement> _requirements;

    private LabelSelector(IReadOnlyList<LabelRequirement> requirements) => _requirements = requirements;

    /// <summary>Selects everything.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>True when everything is selected.</summary>
    public bool IsEmpty => _requirements.Count == 0;

    /// <summary>Reads the form that queries have: <c>app=web,tier in (a, b),!legacy,replicas&gt;2</c>.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static LabelSelector Parse(string text)
    {
        var requirements = new LabelSelectorParser(text).Parse();
        foreach (var requirement in requirements)
        {
            requirement.Validate();
        }

        return requirements.Count == 0 ? Everything : new LabelSelector(requirements);
    }

    /// <summary>Reads the form that specs have: <c>matchLabels</c> and <c>matchExpressions</c>. An empty one selects everything.</summary>
    public static LabelSelector Read(JsonObject selector)
    {
        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in selector["matchLabels"] as JsonObject ?? [])
        {
            requirements.Add(new LabelRequirement(key, LabelOperator.In, [(string?)value ?? ""]));
        }

        foreach (var expression in selector["matchExpressions"] as JsonArray ?? [])
        {
            var values = expression!["values"] as JsonArray ?? [];
            requirements.Add(new LabelRequirement(
                (string?)expression["key"] ?? "",
                Enum.Parse<LabelOperator>((string?)expression["operator"] ?? ""),
                [.. values.Select(v => (string?)v ?? "")]));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Reads a plain map of labels, all of which must be there.</summary>
    public static LabelSelector ReadMap(JsonObject labels) => Read(new JsonObject { ["matchLabels"] = labels.DeepClone() });

    /// <summary>True when labels fulfil all conditions.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>How a label is compared.</summary>
internal enum LabelOperator
{
    /// <summary>It has one of the values.</summary>
    In,

    /// <summary>It is absent or has another value.</summary>
    NotIn,

    /// <summary>It is there.</summary>
    Exists,

    /// <summary>It is not there.</summary>
    DoesNotExist,

    /// <summary>It is a number above the value.</summary>
    Gt,

    /// <summary>It is a number below the value.</summary>
    Lt,
}

/// <summary>One condition.</summary>
/// <param name="Key">Key of the label.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">With what.</param>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>True when labels fulfil it.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var exists = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => exists && Values.Contains(value!),
            LabelOperator.NotIn => !exists || !Values.Contains(value!),
            LabelOperator.Exists => exists,
            LabelOperator.DoesNotExist => !exists,
            LabelOperator.Gt => exists && Number(value!) > Number(Values[0]),
            _ => exists && Number(value!) < Number(Values[0]),
        };
    }

    /// <exception cref="FormatException">Key or values can't be those of labels.</exception>
    public void Validate()
    {
        if (NameRules.QualifiedName(Key) is { } wrongKey)
        {
            throw new FormatException($"key: Invalid value: \"{Key}\": {wrongKey}");
        }

        for (var i = 0; i < Values.Count; i++)
        {
            if (NameRules.LabelValue(Values[i]) is { } wrongValue)
            {
                throw new FormatException($"values[{i}][{Key}]: Invalid value: \"{Values[i]}\": {wrongValue}");
            }

            if (Operator is LabelOperator.Gt or LabelOperator.Lt && Number(Values[i]) is null)
            {
                throw new FormatException(
                    $"values[{i}]: Invalid value: \"{Values[i]}\": for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
