namespace LocalCluster.Registry;

/// <summary>How an object is to be deleted.</summary>
internal sealed record DeletionOptions
{
    /// <summary>Seconds that the object has to end; null for its kind's own.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>What happens to its dependents; null for its kind's own.</summary>
    public Propagation? Propagation { get; init; }

    /// <summary>Uid that the object must have; null for any.</summary>
    public string? Uid { get; init; }

    /// <summary>Version that the object must have; null for any.</summary>
    public string? ResourceVersion { get; init; }
}
