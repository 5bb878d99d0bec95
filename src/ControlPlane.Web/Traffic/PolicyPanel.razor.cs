using System.Text.Json.Nodes;
using ControlPlane.Api.Traffic;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>The effective traffic policy of a service.</summary>
public sealed partial class PolicyPanel
{
    private EffectivePolicyView? _policy;

    /// <summary>The service.</summary>
    [Parameter, EditorRequired]
    public ObjectKey Service { get; set; }

    /// <summary>Another number when there is something new.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Inject]
    private EffectivePolicyQuery Policies { get; set; } = null!;

    private IEnumerable<(string Title, IReadOnlyList<SettingView> Settings)> Groups =>
        from kind in (IReadOnlyList<(string Kind, string Title)>)
            [(TrafficPolicy.ResourceType.Kind, "Traffic"), (RateLimitPolicy.ResourceType.Kind, "Rate limits"), (CircuitPolicy.ResourceType.Kind, "Circuit")]
        let settings = _policy!.Settings.Where(setting => setting.From.Kind == kind.Kind).ToList()
        where settings.Count > 0
        select (kind.Title, (IReadOnlyList<SettingView>)settings);

    /// <inheritdoc/>
    protected override void OnParametersSet() => _policy = Policies.Find(Service);

    private static string Short(string field) => field["spec.".Length..];

    private static string Words(JsonNode value) => (value is JsonValue ? value.ToString() : ManifestWriter.ToYaml(value)).TrimEnd();
}
