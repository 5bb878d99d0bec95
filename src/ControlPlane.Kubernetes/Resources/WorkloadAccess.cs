namespace ControlPlane.Kubernetes.Resources;

/// <summary>The Service in front of a workload.</summary>
public sealed record WorkloadExposure
{
    /// <summary>False: no Service is made.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>Something that a workload's ServiceAccount may do in its own namespace.</summary>
public sealed record WorkloadPermission
{
    /// <summary>Resource, such as <c>configmaps</c>.</summary>
    public string Resource { get; init; } = "";

    /// <summary>Only these objects; empty for all of the namespace.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Verbs.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];
}

/// <summary>The NetworkPolicy of a workload.</summary>
public sealed record WorkloadNetwork
{
    /// <summary>False: no NetworkPolicy.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Callers that are no managed services.</summary>
    public IReadOnlyList<NetworkCaller> AllowFrom { get; init; } = [];
}

/// <summary>A caller that is no managed service.</summary>
public sealed record NetworkCaller
{
    /// <summary>Its namespace; null for the service's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>Labels of its pods; null for all of the namespace.</summary>
    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    /// <summary>An address range instead of pods.</summary>
    public string? Cidr { get; init; }
}

/// <summary>How a workload is scraped.</summary>
public sealed record WorkloadMonitoring
{
    /// <summary>False: neither ServiceMonitor nor PrometheusRule.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Path of the metrics.</summary>
    public string Path { get; init; } = "/metrics";

    /// <summary>Name of the port; null for the one named metrics, else the first.</summary>
    public string? Port { get; init; }

    /// <summary>Seconds between scrapes.</summary>
    public int IntervalSeconds { get; init; } = 30;
}
