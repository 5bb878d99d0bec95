using System.Text.Json.Nodes;

namespace LocalCluster;

/// <summary>How a local cluster is started.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Directory of its state and its kubeconfig; null to keep nothing, for tests.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Loopback port of the API; 0 for any that is free.</summary>
    public int Port { get; init; } = 5081;

    /// <summary>
    /// Told of every answered write of a client that says who it is (User-Agent), as an event of <c>audit.k8s.io/v1</c>; null for nobody. Must be quick.
    /// </summary>
    public Action<JsonObject>? Audit { get; init; }
}
