namespace LocalCluster;

/// <summary>How a local cluster is started.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Directory of its state and its kubeconfig; null to keep nothing, for tests.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Loopback port of the API; 0 for any that is free.</summary>
    public int Port { get; init; } = 5081;
}
