using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Gateway.Resources;

/// <summary>A CanaryRollout, for where it has requests sent.</summary>
internal sealed record RolloutTraffic : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public RolloutTrafficStatus Status { get; init; } = new();
}

/// <summary>What of its status concerns requests.</summary>
internal sealed record RolloutTrafficStatus
{
    public string? CanaryRevision { get; init; }

    public int Weight { get; init; }

    public RolloutMatch? Match { get; init; }

    public int Mirror { get; init; }

    public IReadOnlyList<RolloutMember> Members { get; init; } = [];
}
