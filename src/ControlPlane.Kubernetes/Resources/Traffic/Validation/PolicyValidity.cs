using System.Runtime.CompilerServices;

namespace ControlPlane.Kubernetes.Resources.Traffic.Validation;

/// <summary>
/// What is wrong with policies, worked out once for each version of each: a policy with problems is as if it were not there, and the others go on.
/// </summary>
public sealed class PolicyValidity
{
    private readonly ConditionalWeakTable<object, IReadOnlyList<PolicyProblem>> _known = [];

    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    public IReadOnlyList<PolicyProblem> Problems<TSpec>(CustomResource<TSpec, PolicyStatus> policy)
        where TSpec : class, IPolicySpec, new()
    {
        ArgumentNullException.ThrowIfNull(policy);
        return _known.GetValue(policy, _ => [.. PolicyValidator.Targets(policy.Metadata, policy.Spec), .. Settings(policy.Spec)]);
    }

    private static IEnumerable<PolicyProblem> Settings(IPolicySpec spec) => spec switch
    {
        TrafficPolicySpec traffic => PolicyValidator.Traffic(traffic),
        RateLimitPolicySpec limits => PolicyValidator.RateLimit(limits),
        CircuitPolicySpec circuit => PolicyValidator.Circuit(circuit),
        _ => [],
    };
}
