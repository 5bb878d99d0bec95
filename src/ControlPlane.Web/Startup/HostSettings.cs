using ControlPlane.Api.Hosting;

namespace ControlPlane.Web.Startup;

/// <summary>What the command line says.</summary>
internal sealed record HostSettings
{
    /// <summary>What this process does.</summary>
    public required ControlPlaneRoles Roles { get; init; }

    /// <summary>Kubeconfig of a real cluster; null for the embedded one, or the cluster that the process runs in.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context of the kubeconfig; null for its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Where all local state is kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Addresses of console and API.</summary>
    public required string Urls { get; init; }

    /// <summary>Port of the embedded Kubernetes API.</summary>
    public int ClusterPort { get; init; }

    /// <summary>Run simulated nodes on a real cluster. The embedded one always has them.</summary>
    public bool NodeAgent { get; init; }

    /// <summary>Leave the embedded cluster without workload controllers, nodes and example fleet: for measurements.</summary>
    public bool BareCluster { get; init; }

    /// <summary>Connection string of a PostgreSQL database for the control plane's own data; null for SQLite in the data directory.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>Address under which browsers reach the console; null for the first that is listened on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Print a one-time link to sign in as admin, and end.</summary>
    public bool SignInLink { get; init; }

    /// <summary>Namespace of the control plane's own Lease.</summary>
    public required string SystemNamespace { get; init; }
}
