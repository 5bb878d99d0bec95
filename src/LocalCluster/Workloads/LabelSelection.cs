using k8s.Models;
using LocalCluster.Selectors;

namespace LocalCluster.Workloads;

/// <summary>Label selectors as specs have them.</summary>
internal static class LabelSelection
{
    /// <summary>True when labels fulfil all conditions. No selector selects nothing, an empty one everything.</summary>
    public static bool Matches(this V1LabelSelector? selector, IReadOnlyDictionary<string, string> labels) =>
        selector is not null
        && (selector.MatchLabels?.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value) ?? true)
        && (selector.MatchExpressions?.All(e => Matches(e.Key, e.OperatorProperty, e.Values, labels)) ?? true);

    /// <summary>True when there is no condition.</summary>
    public static bool IsEmpty(this V1LabelSelector selector) => selector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    /// <summary>True when both have the same labels.</summary>
    public static bool HasLabelsOf(this Pod pod, Pod other) =>
        pod.Metadata.Labels.Count == other.Metadata.Labels.Count
        && pod.Metadata.Labels.All(label => other.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>True when labels fulfil one condition. An operator that is none fulfils nothing.</summary>
    public static bool Matches(string key, string comparison, IEnumerable<string>? values, IReadOnlyDictionary<string, string> labels) =>
        Enum.TryParse<LabelOperator>(comparison, out var known) && new LabelRequirement(key, known, [.. values ?? []]).Matches(labels);
}
