using ControlPlane.Api.Fleet;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Services;

/// <summary>Who set which fields of an object. Asked of the cluster at the time: the caches leave these records out for their size.</summary>
public sealed partial class FieldManagersView : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private (ObjectKey, string, string, int)? _asked;
    private IReadOnlyList<ManagedFields>? _managers;
    private ProblemDescription? _problem;

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
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != (Service, Kind, Name, Revision))
        {
            _asked = (Service, Kind, Name, Revision);
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            (_managers, _problem) = (await Services.FieldManagersAsync(Service, Kind, Name, _gone.Token), null);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (Exception e) when (!ProblemDescription.Of(e).IsDefect)
        {
            _problem = ProblemDescription.Of(e);
        }
    }
}
