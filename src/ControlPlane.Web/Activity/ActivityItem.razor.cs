using ControlPlane.Api.Activity;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Services;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Activity;

/// <summary>Something that happened, why, and the way to it.</summary>
public sealed partial class ActivityItem
{
    /// <summary>What happened.</summary>
    [Parameter, EditorRequired]
    public ActivityEntry Entry { get; set; } = null!;

    /// <summary>Names the namespace: in a list of more than one service.</summary>
    [Parameter]
    public bool ShowsService { get; set; }

    private bool IsWarning => Entry.Severity == ActivitySeverity.Warning;

    private string Picture => Entry.Kind switch
    {
        ActivityKind.Reconcile => Icons.Material.Rounded.Sync,
        ActivityKind.Change => Icons.Material.Rounded.Edit,
        _ => Icons.Material.Rounded.Notifications,
    };

    /// <summary>Of an event the cause is who reports it; of all else what set it off.</summary>
    private string Because => Entry switch
    {
        { Cause: null } => "",
        { Kind: ActivityKind.Event } => $" ({Entry.Cause})",
        _ => $", because {Entry.Cause}",
    };

    /// <summary>Where more about the object is: its own view, if the operators keep it; else the part of the service that has to do with it.</summary>
    private string? Address => Entry.Service is not { } service
        ? null
        : Entry.Object.Split('/')[0] switch
        {
            "ManagedService" => ServiceUrl.Of(new ObjectKey(Entry.Namespace, service)),
            "Pod" or "ReplicaSet" => ServiceUrl.Of(new ObjectKey(Entry.Namespace, service), "instances"),
            _ => ServiceUrl.Of(new ObjectKey(Entry.Namespace, service), "objects", ("object", Entry.Object)),
        };
}
