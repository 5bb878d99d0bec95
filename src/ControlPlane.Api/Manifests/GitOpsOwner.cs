using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Manifests;

/// <summary>
/// Tells whether a GitOps tool keeps an object, by the marks that Argo CD and Flux leave; where those are turned off, by the names under which
/// they write.
/// </summary>
public static class GitOpsOwner
{
    private static readonly (string Field, string Key, string Tool)[] Marks =
    [
        ("annotations", "argocd.argoproj.io/tracking-id", "Argo CD application"),
        ("labels", "argocd.argoproj.io/instance", "Argo CD application"),
        ("labels", "kustomize.toolkit.fluxcd.io/name", "Flux Kustomization"),
        ("labels", "helm.toolkit.fluxcd.io/name", "Flux HelmRelease"),
    ];

    private static readonly Dictionary<string, string> Managers = new(StringComparer.Ordinal)
    {
        ["argocd-controller"] = "Argo CD",
        ["argocd-application-controller"] = "Argo CD",
        ["kustomize-controller"] = "Flux",
        ["helm-controller"] = "Flux",
    };

    /// <summary>Tool and name, such as <c>Flux Kustomization shop</c>; the tool alone when only its writes tell; null when no tool keeps it.</summary>
    public static string? Of(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        foreach (var (field, key, tool) in Marks)
        {
            if ((json["metadata"]?[field] as JsonObject)?[key] is JsonValue value)
            {
                return $"{tool} {value.ToString().Split(':', 2)[0]}";
            }
        }

        return (json["metadata"]?["managedFields"] as JsonArray ?? [])
            .Select(entry => Managers.GetValueOrDefault((string?)entry?["manager"] ?? ""))
            .FirstOrDefault(tool => tool is not null);
    }

    /// <summary>The same of an object from a cache, which keeps no managers: by its marks alone.</summary>
    public static string? Of(ObjectMeta metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return Of(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject(metadata.Labels.Select(static label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
                ["annotations"] = new JsonObject(metadata.Annotations.Select(static annotation => KeyValuePair.Create(annotation.Key, (JsonNode?)annotation.Value))),
            },
        });
    }
}
