using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Services;

/// <summary>Who set which fields of an object. Asked of the cluster at the time: the caches leave these records out for their size.</summary>
public sealed partial class FieldManagersView
{
    private (ObjectKey, string, string, int)? _asked;
    private IReadOnlyList<ManagedFields>? _managers;

    /// <summary>The service.</summary>
    [Parameter, EditorRequired]
    public ObjectKey Service { get; set; }

    /// <summary>Kind of the object.</summary>
    [Parameter, EditorRequired]
    public string Kind { get; set; } = "";

    /// <summary>Name of the object.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>Another number when there is something new.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Inject]
    private ServiceQuery Services { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != (Service, Kind, Name, Revision))
        {
            _asked = (Service, Kind, Name, Revision);
            await ReadAsync();
        }
    }

    private Task ReadAsync() => AskAsync(cancel => Services.FieldManagersAsync(Service, Kind, Name, cancel), managers => _managers = managers);
}
