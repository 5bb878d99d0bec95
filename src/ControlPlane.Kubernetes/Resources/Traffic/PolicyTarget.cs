namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>What every traffic policy says of itself: for which services it is. Attached as GEP-713 has it.</summary>
public interface IPolicySpec
{
    /// <summary>Services by name, or the policy's own namespace as the default of every service in it.</summary>
    IReadOnlyList<PolicyTargetReference> TargetRefs { get; }

    /// <summary>Services by labels: groups.</summary>
    IReadOnlyList<PolicyTargetSelector> TargetSelectors { get; }
}

/// <summary>A target of a policy, by name.</summary>
public sealed record PolicyTargetReference
{
    /// <summary>API group: the fleet's, or empty for a namespace.</summary>
    public string Group { get; init; } = FleetApi.Group;

    /// <summary>What it is.</summary>
    public PolicyTargetKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";
}

/// <summary>What a policy may be attached to by name.</summary>
public enum PolicyTargetKind
{
    /// <summary>One service.</summary>
    ManagedService,

    /// <summary>Every service of the policy's namespace.</summary>
    Namespace,
}

/// <summary>Targets of a policy, by their labels.</summary>
public sealed record PolicyTargetSelector
{
    /// <summary>Labels that a service has, all of them.</summary>
    public IReadOnlyDictionary<string, string> MatchLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>True when these are the labels of one that is meant. A selector without labels means nobody.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return MatchLabels.Count > 0 && MatchLabels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
    }
}
