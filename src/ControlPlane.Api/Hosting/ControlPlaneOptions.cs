using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Hosting;

/// <summary>What a process of the control plane does; one image, any mix.</summary>
[Flags]
public enum ControlPlaneRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Serves the pages.</summary>
    Console = 1,

    /// <summary>Serves the REST API.</summary>
    Api = 2,

    /// <summary>Runs the operators.</summary>
    Operators = 4,

    /// <summary>Everything.</summary>
    All = Console | Api | Operators,
}

/// <summary>How a process of the control plane is set up.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>What it does. Default: everything.</summary>
    public ControlPlaneRoles Roles { get; init; } = ControlPlaneRoles.All;

    /// <summary>The name that people know the cluster by.</summary>
    public string ClusterName { get; init; } = "cluster";

    /// <summary>Its name among its replicas. Default: the host's name and the process id.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Directory of all local state. Default: <c>.local</c> in the working directory.</summary>
    public string DataDirectory { get; init; } = ".local";

    /// <summary>Connection string of a PostgreSQL database for the control plane's own data; null for SQLite in the data directory. Holds a secret.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>How people and programs are let in.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>The Lease by which replicas elect the one that runs the operators; null when there can be no other (LocalCluster).</summary>
    public ObjectKey? LeaderLease { get; init; }
}
