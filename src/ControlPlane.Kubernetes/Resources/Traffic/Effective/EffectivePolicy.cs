namespace ControlPlane.Kubernetes.Resources.Traffic.Effective;

/// <summary>
/// What all the policies that reach a service say together: three specs as single policies would say them, and for each setting where it comes
/// from and what lost against it.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Traffic">Routes, timeouts, retries, access and the rest.</param>
/// <param name="RateLimit">Limits.</param>
/// <param name="Circuit">When to stop calling.</param>
/// <param name="Settings">Every setting of the three, by kind of policy.</param>
public sealed record EffectivePolicy(
    ObjectKey Service,
    TrafficPolicySpec Traffic,
    RateLimitPolicySpec RateLimit,
    CircuitPolicySpec Circuit,
    IReadOnlyList<EffectiveSetting> Settings)
{
    /// <summary>True when no policy reaches the service.</summary>
    public bool IsEmpty => Settings.Count == 0;

    /// <summary>Merges what reaches a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="traffic">Valid policies of its namespace; those that don't reach it are passed over.</param>
    /// <param name="rateLimits">The same.</param>
    /// <param name="circuits">The same.</param>
    public static EffectivePolicy Of(ManagedService service, IEnumerable<TrafficPolicy> traffic, IEnumerable<RateLimitPolicy> rateLimits, IEnumerable<CircuitPolicy> circuits)
    {
        ArgumentNullException.ThrowIfNull(service);
        var routing = PolicyMerge.Settings(traffic.Select(policy => AttachedPolicy.To(service, policy, TrafficPolicy.ResourceType)).OfType<AttachedPolicy>());
        var limiting = PolicyMerge.Settings(rateLimits.Select(policy => AttachedPolicy.To(service, policy, RateLimitPolicy.ResourceType)).OfType<AttachedPolicy>());
        var breaking = PolicyMerge.Settings(circuits.Select(policy => AttachedPolicy.To(service, policy, CircuitPolicy.ResourceType)).OfType<AttachedPolicy>());
        return new(
            service.Metadata.Key,
            PolicyMerge.Spec<TrafficPolicySpec>(routing),
            PolicyMerge.Spec<RateLimitPolicySpec>(limiting),
            PolicyMerge.Spec<CircuitPolicySpec>(breaking),
            [.. routing, .. limiting, .. breaking]);
    }
}
