using k8s.Models;

namespace Operators.Onboarding.Existing;

/// <summary>Whether a selector selects, by the rules of the Kubernetes API.</summary>
internal static class LabelMatch
{
    /// <summary>A Service's selector: none selects nothing.</summary>
    public static bool Selects(this V1ServiceSpec? service, IDictionary<string, string> labels) =>
        service?.Selector is { Count: > 0 } selector && Holds(selector, labels);

    /// <summary>A label selector: none selects nothing, an empty one everything.</summary>
    public static bool Selects(this V1LabelSelector? selector, IDictionary<string, string> labels) =>
        selector is not null
        && Holds(selector.MatchLabels ?? new Dictionary<string, string>(), labels)
        && (selector.MatchExpressions ?? []).All(expression => Holds(expression, labels));

    /// <summary>True when two selectors of labels alone are the same.</summary>
    public static bool Same(IDictionary<string, string>? a, IDictionary<string, string>? b) =>
        a is not null && b is not null && a.Count == b.Count && Holds(a, b);

    private static bool Holds(IDictionary<string, string> wanted, IDictionary<string, string> labels) =>
        wanted.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool Holds(V1LabelSelectorRequirement expression, IDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(expression.Key, out var value);
        return expression.OperatorProperty switch
        {
            "In" => has && expression.Values?.Contains(value!) == true,
            "NotIn" => !has || expression.Values?.Contains(value!) != true,
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
