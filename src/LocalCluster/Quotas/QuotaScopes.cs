using System.Text.Json.Nodes;
using LocalCluster.Registry.Strategies;
using LocalCluster.Resources;

namespace LocalCluster.Quotas;

/// <summary>Which pods a quota counts.</summary>
internal static class QuotaScopes
{
    /// <summary>True when a quota is about an object. Scopes are about pods; a quota with scopes counts nothing else.</summary>
    public static bool Match(KubeObject quota, string resource, KubeObject obj)
    {
        var scopes = quota.Json.Items("spec.scopes").Select(s => ((string)s!, "Exists", (IReadOnlyList<string>)[]))
            .Concat(quota.Json.Items("spec.scopeSelector.matchExpressions")
                .Select(e => (e.Text("scopeName"), e.Text("operator"), (IReadOnlyList<string>)[.. e.Items("values").Select(v => (string)v!)])))
            .ToList();
        return scopes.Count == 0 || (resource == "pods" && scopes.TrueForAll(s => Match(s.Item1, s.Item2, s.Item3, obj)));
    }

    private static bool Match(string scope, string operation, IReadOnlyList<string> values, KubeObject pod) => scope switch
    {
        "Terminating" => pod.Json.At("spec.activeDeadlineSeconds") is not null,
        "NotTerminating" => pod.Json.At("spec.activeDeadlineSeconds") is null,
        "BestEffort" => PodQuality.Of(pod.Json) == "BestEffort",
        "NotBestEffort" => PodQuality.Of(pod.Json) != "BestEffort",
        "PriorityClass" => MatchValue(operation, values, pod.Json.Text("spec.priorityClassName")),
        "CrossNamespacePodAffinity" => HasAffinityAcrossNamespaces(pod.Json),
        _ => false,
    };

    private static bool MatchValue(string operation, IReadOnlyList<string> values, string value) => operation switch
    {
        "In" => values.Contains(value),
        "NotIn" => !values.Contains(value),
        "DoesNotExist" => value.Length == 0,
        _ => value.Length > 0,
    };

    private static bool HasAffinityAcrossNamespaces(JsonObject pod)
    {
        foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            var affinity = pod.At($"spec.affinity.{kind}");
            var terms = affinity.Items("requiredDuringSchedulingIgnoredDuringExecution")
                .Concat(affinity.Items("preferredDuringSchedulingIgnoredDuringExecution").Select(p => p.At("podAffinityTerm")).OfType<JsonNode>());
            if (terms.Any(t => t.Items("namespaces").Count > 0 || t.At("namespaceSelector") is not null))
            {
                return true;
            }
        }

        return false;
    }
}
