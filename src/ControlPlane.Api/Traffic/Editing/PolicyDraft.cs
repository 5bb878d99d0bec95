using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Traffic.Editing;

/// <summary>A policy as somebody writes it, before anything is stored.</summary>
/// <param name="Kind">Its kind: one of <see cref="PolicyKinds"/>.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Of the stored policy that the draft began with: it changes when what the policy says does, and not with its status. Null for a new one.</param>
/// <param name="Spec">What it says.</param>
public sealed record PolicyDraft(string Kind, string Namespace, string Name, string? Version, JsonObject Spec)
{
    /// <summary>Namespace and name.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>As a manifest: what <c>kubectl apply</c> would be given.</summary>
    public JsonObject ToManifest() => new()
    {
        ["apiVersion"] = $"{FleetApi.Group}/{FleetApi.Version}",
        ["kind"] = Kind,
        ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace },
        ["spec"] = Spec.DeepClone(),
    };

    /// <summary>The manifest as YAML.</summary>
    public string ToYaml() => ManifestWriter.ToYaml(ToManifest());
}

/// <summary>A stored policy, to be changed.</summary>
/// <param name="Draft">As it is.</param>
/// <param name="KeptBy">GitOps tool that keeps it; null when none does.</param>
public sealed record StoredPolicy(PolicyDraft Draft, string? KeptBy)
{
    internal static StoredPolicy Of(ResourceType type, JsonObject stored) => new(
        new(
            type.Kind,
            (string)stored["metadata"]!["namespace"]!,
            (string)stored["metadata"]!["name"]!,
            VersionOf(stored),
            stored["spec"] is JsonObject spec ? spec.DeepClone().AsObject() : []),
        GitOpsOwner.Of(stored));

    /// <summary>Generation, and which object of the name it is: another that takes its place counts anew.</summary>
    internal static string VersionOf(JsonObject stored) => $"{stored["metadata"]!["generation"]}.{stored["metadata"]!["uid"]}";
}
