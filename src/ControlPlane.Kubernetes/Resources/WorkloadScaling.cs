using k8s.Models;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>The HorizontalPodAutoscaler of a workload.</summary>
public sealed record WorkloadAutoscaling
{
    /// <summary>Who owns the number of instances.</summary>
    public AutoscalingMode Mode { get; init; } = AutoscalingMode.Managed;

    /// <summary>Never fewer instances.</summary>
    public int MinReplicas { get; init; } = 3;

    /// <summary>Never more instances.</summary>
    public int MaxReplicas { get; init; } = 20;

    /// <summary>Target CPU use in per cent of the request.</summary>
    public int CpuPercent { get; init; } = 70;

    /// <summary>Target memory use in per cent of the request.</summary>
    public int MemoryPercent { get; init; } = 80;

    /// <summary>How fast to grow.</summary>
    public ScaleUpPace ScaleUp { get; init; } = new();

    /// <summary>How fast to shrink.</summary>
    public ScaleDownPace ScaleDown { get; init; } = new();
}

/// <summary>Who owns the number of instances.</summary>
public enum AutoscalingMode
{
    /// <summary>A HorizontalPodAutoscaler that the operator keeps.</summary>
    Managed,

    /// <summary>Somebody else's autoscaler.</summary>
    External,

    /// <summary>The declaration: <see cref="ServiceWorkload.Replicas"/> is kept.</summary>
    None,
}

/// <summary>How fast a workload grows.</summary>
public sealed record ScaleUpPace
{
    /// <summary>At most this many per cent per period.</summary>
    public int Percent { get; init; } = 50;

    /// <summary>Period in seconds.</summary>
    public int PeriodSeconds { get; init; } = 60;

    /// <summary>Act on the lowest advice of so many past seconds.</summary>
    public int StabilizationWindowSeconds { get; init; } = 60;
}

/// <summary>How fast a workload shrinks.</summary>
public sealed record ScaleDownPace
{
    /// <summary>At most this many per cent per period.</summary>
    public int Percent { get; init; } = 10;

    /// <summary>Period in seconds.</summary>
    public int PeriodSeconds { get; init; } = 60;

    /// <summary>Act on the highest advice of so many past seconds.</summary>
    public int StabilizationWindowSeconds { get; init; } = 300;
}

/// <summary>How a change of the pod template is rolled out.</summary>
public sealed record WorkloadRollout
{
    /// <summary>Instances, or per cent, above the wanted number.</summary>
    public IntOrString MaxSurge { get; init; } = 2;

    /// <summary>Instances, or per cent, that may be missing.</summary>
    public IntOrString MaxUnavailable { get; init; } = 1;
}

/// <summary>The PodDisruptionBudget of a workload.</summary>
public sealed record WorkloadDisruption
{
    /// <summary>False: no PodDisruptionBudget is made.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Instances, or per cent, that a drain may take at once.</summary>
    public IntOrString MaxUnavailable { get; init; } = 1;
}

/// <summary>Where instances go.</summary>
public sealed record WorkloadPlacement
{
    /// <summary>Zones to use.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>True: stay pending rather than run outside of those zones.</summary>
    public bool Required { get; init; }
}
