namespace ControlPlane.Kubernetes.Resources;

/// <summary>What the registry operator observed of a <see cref="ManagedService"/>.</summary>
public sealed record ManagedServiceStatus
{
    /// <summary>The <c>metadata.generation</c> that this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>See <see cref="ManagedServiceConditions"/>.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>Instances, as the cluster reports them.</summary>
    public InstanceSummary? Instances { get; init; }

    /// <summary>Version that runs.</summary>
    public string? Version { get; init; }

    /// <summary>Image that is wanted.</summary>
    public string? Image { get; init; }

    /// <summary>Label selector of its pods.</summary>
    public string? Selector { get; init; }

    /// <summary>Addresses of the Service inside the cluster.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Foreign changes that were put back; null while there was none.</summary>
    public DriftStatus? Drift { get; init; }

    /// <summary>Where what runs falls short of the production baseline.</summary>
    public IReadOnlyList<Shortfall> Shortfalls { get; init; } = [];

    /// <summary>Objects that the operator keeps for the service.</summary>
    public IReadOnlyList<OwnedObject> Objects { get; init; } = [];
}

/// <summary>How many instances a service has.</summary>
public sealed record InstanceSummary
{
    /// <summary>Wanted by the workload.</summary>
    public int Desired { get; init; }

    /// <summary>Existing.</summary>
    public int Total { get; init; }

    /// <summary>Ready to serve.</summary>
    public int Ready { get; init; }

    /// <summary>Of the newest revision.</summary>
    public int Updated { get; init; }

    /// <summary><c>ready/desired</c>.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The first ten that are not ready.</summary>
    public IReadOnlyList<UnhealthyInstance> Unhealthy { get; init; } = [];
}

/// <summary>An instance that is not ready, and why.</summary>
public sealed record UnhealthyInstance
{
    /// <summary>Pod.</summary>
    public string Name { get; init; } = "";

    /// <summary>Node, once scheduled.</summary>
    public string? Node { get; init; }

    /// <summary>One word.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the cluster says about it.</summary>
    public string? Message { get; init; }
}

/// <summary>Foreign changes of owned fields that were put back.</summary>
public sealed record DriftStatus
{
    /// <summary>How many, since the service was declared.</summary>
    public long Repairs { get; init; }

    /// <summary>When the last was put back (UTC).</summary>
    public DateTimeOffset? LastTime { get; init; }

    /// <summary><c>Kind/name</c> of the object.</summary>
    public string? LastObject { get; init; }

    /// <summary>Field manager that had changed it.</summary>
    public string? LastManager { get; init; }

    /// <summary>Paths of the fields.</summary>
    public IReadOnlyList<string> LastFields { get; init; } = [];
}

/// <summary>A field that falls short of the production baseline.</summary>
public sealed record Shortfall
{
    /// <summary>Object and field path.</summary>
    public string Field { get; init; } = "";

    /// <summary>What the baseline asks for, and why.</summary>
    public string Message { get; init; } = "";
}

/// <summary>An object that the operator keeps for a service.</summary>
public sealed record OwnedObject
{
    /// <summary>API version.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>Kind.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Name, in the service's namespace.</summary>
    public string Name { get; init; } = "";
}
