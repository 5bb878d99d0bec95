using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Status;

namespace ControlPlane.Api.Traffic;

/// <summary>How far a policy holds, the worst first.</summary>
public enum PolicyState
{
    /// <summary>It is not valid, or reaches nobody: nothing of it holds.</summary>
    NotAccepted,

    /// <summary>The data plane has not got all of it.</summary>
    NotProgrammed,

    /// <summary>The operator has not looked at it, or not at all of its services.</summary>
    Pending,

    /// <summary>The data plane has all of it.</summary>
    Ready,
}

/// <summary>A policy in a list.</summary>
public sealed record PolicySummary
{
    /// <summary>Its kind: TrafficPolicy, RateLimitPolicy or CircuitPolicy.</summary>
    public required string Kind { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How far it holds.</summary>
    public required PolicyState State { get; init; }

    /// <summary>One word that says why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>One sentence that says why; names the field at fault.</summary>
    public string Message { get; init; } = "";

    /// <summary>Services that it applies to.</summary>
    public int Matched { get; init; }

    /// <summary>Of those, the ones whose data plane has what it says.</summary>
    public int Programmed { get; init; }

    /// <summary>How many settings of it lost against other policies, as far as the status says (twenty at most).</summary>
    public int Overridden { get; init; }

    /// <summary>The traffic provider that renders it.</summary>
    public string? Provider { get; init; }

    /// <summary>True while people force the circuit.</summary>
    public bool Forced { get; init; }

    /// <summary>True when it only counts and refuses nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    internal static PolicySummary Of<TSpec>(ResourceType type, CustomResource<TSpec, PolicyStatus> policy, DateTimeOffset now)
        where TSpec : class, IPolicySpec, new()
    {
        var status = policy.Status?.ObservedGeneration == policy.Metadata.Generation ? policy.Status : null; // an older one speaks of an older policy
        var ready = status?.Conditions.Find(PolicyConditions.Ready);
        return new()
        {
            Kind = type.Kind,
            Namespace = policy.Metadata.Namespace,
            Name = policy.Metadata.Name,
            State = StateOf(status),
            Reason = ready?.Reason ?? PolicyConditions.Reasons.Pending,
            Message = ready?.Message ?? "the operator has not looked at it yet",
            Matched = status?.Targets?.Matched ?? 0,
            Programmed = status?.Targets?.Programmed ?? 0,
            Overridden = status?.Overridden.Count ?? 0,
            Provider = status?.Provider,
            Forced = policy.Spec is CircuitPolicySpec { Force: { } force } && force.Until > now,
            Shadow = policy.Spec is RateLimitPolicySpec { Shadow: true },
            Created = policy.Metadata.CreationTimestamp,
        };
    }

    private static PolicyState StateOf(PolicyStatus? status) => (status?.Conditions.Find(PolicyConditions.Accepted)?.Status, status?.Conditions.Find(PolicyConditions.Programmed)?.Status) switch
    {
        (ConditionStatus.False, _) => PolicyState.NotAccepted,
        (_, ConditionStatus.False) => PolicyState.NotProgrammed,
        (ConditionStatus.True, ConditionStatus.True) => PolicyState.Ready,
        _ => PolicyState.Pending,
    };
}
