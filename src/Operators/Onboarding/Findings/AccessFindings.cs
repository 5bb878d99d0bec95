using k8s.Models;
using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Roles that allow more than a service needs.</summary>
internal static class AccessFindings
{
    private const string Any = "*";
    private static readonly string[] Reading = ["get", "list", "watch", Any];

    public static IEnumerable<Finding> Check(ExistingObjects existing)
    {
        foreach (var role in existing.Roles)
        {
            var reference = new ObjectReference("Role", new(role.Metadata.NamespaceProperty, role.Metadata.Name));
            for (var i = 0; i < (role.Rules?.Count ?? 0); i++)
            {
                foreach (var (field, message) in Check(role.Rules![i]))
                {
                    yield return new(reference, $"rules[{i}].{field}", message, ShortfallSeverity.Error);
                }
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> Check(V1PolicyRule rule)
    {
        if (rule.Resources?.Contains("secrets") == true && rule.Verbs?.Intersect(Reading).Any() == true && rule.ResourceNames is not { Count: > 0 })
        {
            yield return ("resources", "reads every Secret of the namespace: mount those that it needs, or name them in resourceNames");
        }

        (string Field, IList<string>? Values)[] lists = [("apiGroups", rule.ApiGroups), ("resources", rule.Resources), ("verbs", rule.Verbs)];
        foreach (var (field, _) in lists.Where(list => list.Values?.Contains(Any) == true))
        {
            yield return (field, "holds *: list what is needed");
        }
    }
}
