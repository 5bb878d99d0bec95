using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Onboarding.Existing;

/// <summary>A Deployment, StatefulSet or DaemonSet that somebody runs.</summary>
/// <param name="Reference">Its kind, namespace and name.</param>
/// <param name="Json">The whole object.</param>
/// <param name="Model">The object as a Deployment: the three kinds agree in all that onboarding reads.</param>
internal sealed record ExistingWorkload(ObjectReference Reference, JsonObject Json, V1Deployment Model)
{
    /// <summary>Its metadata.</summary>
    public V1ObjectMeta Metadata => Model.Metadata;

    /// <summary>What it declares.</summary>
    public V1DeploymentSpec Spec { get; } = Model.Spec ?? new V1DeploymentSpec();

    /// <summary>Its pods.</summary>
    public V1PodTemplateSpec Template { get; } = Model.Spec?.Template ?? new V1PodTemplateSpec();

    /// <summary>Labels of its pods.</summary>
    public IDictionary<string, string> PodLabels => Template.Metadata?.Labels ?? new Dictionary<string, string>();

    /// <summary>Containers that serve, with their paths.</summary>
    public IEnumerable<(string Path, V1Container Container)> Containers =>
        (Template.Spec?.Containers ?? []).Select((container, i) => ($"spec.template.spec.containers[{i}]", container));

    /// <summary>True when the fleet's operators keep it themselves.</summary>
    public bool IsOwned => Metadata.Labels?.TryGetValue(FleetApi.ManagedByLabel, out var keeper) == true && keeper == FleetApi.ManagedByValue;
}
