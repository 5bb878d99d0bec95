namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>What the operator observed of a traffic policy of any kind.</summary>
public sealed record PolicyStatus
{
    /// <summary>The <c>metadata.generation</c> that this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>See <see cref="PolicyConditions"/>.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>The services that it reaches.</summary>
    public PolicyTargets? Targets { get; init; }

    /// <summary>The traffic provider that renders it.</summary>
    public string? Provider { get; init; }

    /// <summary>The first twenty settings that another policy wins over.</summary>
    public IReadOnlyList<OverriddenSetting> Overridden { get; init; } = [];

    /// <summary>The first twenty settings that the provider can't express.</summary>
    public IReadOnlyList<UnsupportedSetting> Unsupported { get; init; } = [];
}

/// <summary>How many services a policy reaches.</summary>
public sealed record PolicyTargets
{
    /// <summary>Services that it applies to.</summary>
    public int Matched { get; init; }

    /// <summary>Of those, the ones whose data plane has what it says.</summary>
    public int Programmed { get; init; }

    /// <summary><c>programmed/matched</c>.</summary>
    public string? Summary { get; init; }
}

/// <summary>A setting that another policy wins over.</summary>
public sealed record OverriddenSetting
{
    /// <summary>The service for which it lost.</summary>
    public string Service { get; init; } = "";

    /// <summary>Path of the setting.</summary>
    public string Field { get; init; } = "";

    /// <summary>Name of the policy that won.</summary>
    public string By { get; init; } = "";
}

/// <summary>A setting that the provider can't express.</summary>
public sealed record UnsupportedSetting
{
    /// <summary>Path of the setting.</summary>
    public string Field { get; init; } = "";

    /// <summary>What the provider lacks.</summary>
    public string Message { get; init; } = "";
}
