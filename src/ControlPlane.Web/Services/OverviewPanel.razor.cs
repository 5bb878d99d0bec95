using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Services;

/// <summary>What is declared beside what runs, and what the operators say about it.</summary>
public sealed partial class OverviewPanel
{
    private IReadOnlyList<ComparedProperty> _compared = [];

    /// <summary>The service.</summary>
    [Parameter, EditorRequired]
    public ServiceDetails Details { get; set; } = null!;

    /// <summary>Another number when there is something new.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Inject]
    private ServiceQuery Services { get; set; } = null!;

    private ServiceSummary Summary => Details.Summary;

    private string DeclaredInstances => Details.Spec.Workload switch
    {
        null => "somebody else decides",
        { Autoscaling: { Mode: AutoscalingMode.Managed } scaling } =>
            $"{scaling.MinReplicas} to {scaling.MaxReplicas}, at {scaling.CpuPercent} % CPU or {scaling.MemoryPercent} % memory",
        { Autoscaling.Mode: AutoscalingMode.External } => "another autoscaler decides",
        var workload => $"{workload.Replicas}",
    };

    /// <inheritdoc/>
    protected override void OnParametersSet() => _compared = Services.Compare(Summary.Key);

    /// <summary>Stalled and Reconciling say something bad, or nothing good, when they hold; the others when they do not.</summary>
    private static Look LookOf(Condition condition) => (condition.Type, condition.Status) switch
    {
        (ManagedServiceConditions.Stalled, ConditionStatus.True) => new(condition.Type, Icons.Material.Rounded.Dangerous, "bad"),
        (ManagedServiceConditions.Reconciling, ConditionStatus.True) => new(condition.Type, Icons.Material.Rounded.ChangeCircle, "moving"),
        (_, ConditionStatus.True) => new(condition.Type, Icons.Material.Rounded.CheckCircle, "good"),
        (_, ConditionStatus.False) => new($"Not {condition.Type}", Icons.Material.Rounded.Warning, "poor"),
        _ => new($"{condition.Type} not known", Icons.Material.Rounded.Help, "unknown"),
    };
}
