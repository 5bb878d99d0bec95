using ControlPlane.Api.Access;
using ControlPlane.Api.Cluster;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Shell;

/// <summary>Says that what is shown may be old, and since when.</summary>
public sealed partial class StaleBanner
{
    [Inject]
    private ClusterMonitor Monitor { get; set; } = null!;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Monitor.Changes, _ =>
    {
        StateHasChanged();
        return Task.CompletedTask;
    });
}
