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

    private Look Connection => Monitor.Status.State.Phase switch
    {
        CachePhase.Live => new("Live", Icons.Material.Rounded.CloudDone, "good"),
        CachePhase.Starting => new("Connecting", Icons.Material.Rounded.CloudSync, "moving"),
        _ => new("Disconnected", Icons.Material.Rounded.CloudOff, "bad"),
    };

    private string Tooltip => Monitor.Status.State.Problem is { } problem ? $"{Monitor.Status.Server}: {problem}" : $"{Monitor.Status.Server}";

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Monitor.Changes, _ =>
    {
        StateHasChanged();
        return Task.CompletedTask;
    });
}
