using k8s.Models;
using Operators.Onboarding.Calls;
using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Network policies that open too much, or forget what everything needs.</summary>
internal static class NetworkPolicyFindings
{
    public static IEnumerable<Finding> Check(ExistingObjects existing, IReadOnlyList<WorkloadCalls> calls)
    {
        foreach (var policy in existing.NetworkPolicies)
        {
            var reference = new ObjectReference("NetworkPolicy", new(policy.Metadata.NamespaceProperty, policy.Metadata.Name));
            for (var i = 0; i < (policy.Spec?.Egress?.Count ?? 0); i++)
            {
                if (EgressRules.IsAnywhere(policy.Spec!.Egress[i]) && !IsDns(policy.Spec.Egress[i]))
                {
                    yield return new(reference, $"spec.egress[{i}].to", $"opens egress to any address on {Ports(policy.Spec.Egress[i])}: name who is called", ShortfallSeverity.Warning);
                }
            }

            var concerned = calls.Where(item => item.Egress.Policies.Contains(policy)).ToList();
            if (EgressRules.IsEgress(policy) && concerned.Exists(item => !item.Egress.AllowDns))
            {
                yield return new(reference, "spec.egress", "has no rule for DNS (UDP and TCP port 53): its pods can't resolve any name", ShortfallSeverity.Error);
            }

            if (!existing.Workloads.Exists(workload => EgressRules.Selects(policy, workload)))
            {
                yield return new(reference, "spec.podSelector", "selects no pods of any workload that is here", ShortfallSeverity.Advice);
            }
        }
    }

    private static bool IsDns(V1NetworkPolicyEgressRule rule) => rule.Ports is { Count: > 0 } && rule.Ports.All(port => port.Port?.Value == "53");

    private static string Ports(V1NetworkPolicyEgressRule rule) => rule.Ports is { Count: > 0 }
        ? $"port {string.Join(", ", rule.Ports.Select(port => port.Port?.Value ?? "any"))}"
        : "every port";
}
