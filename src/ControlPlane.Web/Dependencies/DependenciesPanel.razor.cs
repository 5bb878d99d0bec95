using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Services;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Dependencies;

/// <summary>Who calls a service and whom it calls, as a picture or a table.</summary>
public sealed partial class DependenciesPanel
{
    private const int MostSteps = 4;
    private static readonly (string Word, string Title)[] Views = [("picture", "Picture"), ("table", "Table")];
    private static readonly (string Word, string Title)[] StepChoices = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")];

    private DependencyGraph? _graph;

    /// <summary>The service in the middle.</summary>
    [Parameter, EditorRequired]
    public ObjectKey Service { get; set; }

    /// <summary>How far to go to either side, 1 to 4.</summary>
    [Parameter]
    public int Steps { get; set; }

    /// <summary>Picture or table; null for the picture.</summary>
    [Parameter]
    public string? View { get; set; }

    [Inject]
    private GraphQuery Graphs { get; set; } = null!;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string ViewHere => View == "table" ? "table" : "picture";

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Fleet.Changes, changed =>
    {
        if (_graph?.Nodes.Any(node => changed.Contains(new ObjectKey(node.Namespace, node.Name))) == true)
        {
            Read();
            StateHasChanged();
        }

        return Task.CompletedTask;
    });

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Steps = Math.Clamp(Steps, 1, MostSteps);
        Read();
    }

    /// <summary>A service that is gone keeps the graph that was last known.</summary>
    private void Read() => _graph = Graphs.Around(Service, Steps) ?? _graph;

    private void Go(string view, int steps) => Navigation.NavigateTo(
        ServiceUrl.Of(Service, "dependencies", ("view", view == "picture" ? null : view), ("steps", steps.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        replace: true);
}
