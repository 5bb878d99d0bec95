using ControlPlane.Api.Access;
using ControlPlane.Api.Cluster;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Shell;

/// <summary>Product, cluster and what is wanted on every page.</summary>
public sealed partial class AppBar
{
    [Inject]
    private ClusterMonitor Monitor { get; set; } = null!;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    private ClusterStatus? Cluster => Authorizer.MaySomewhere(Permissions.ReadCluster) ? Monitor.Status : null;

    private static Look ConnectionTo(ClusterStatus cluster) => cluster.State.Phase switch
    {
        CachePhase.Live => new("Live", Icons.Material.Rounded.CloudDone, "good"),
        CachePhase.Starting => new("Connecting", Icons.Material.Rounded.CloudSync, "moving"),
        _ => new("Disconnected", Icons.Material.Rounded.CloudOff, "bad"),
    };

    private static string TooltipOf(ClusterStatus cluster) => cluster.State.Problem is { } problem ? $"{cluster.Server}: {problem}" : $"{cluster.Server}";

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Monitor.Changes, _ =>
    {
        StateHasChanged();
        return Task.CompletedTask;
    });
}
