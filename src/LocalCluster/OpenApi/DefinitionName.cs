using ControlPlane.Kubernetes.Resources;
using LocalCluster.Resources;

namespace LocalCluster.OpenApi;

/// <summary>The names under which kinds stand in OpenAPI documents.</summary>
internal static class DefinitionName
{
    /// <summary>Name of a kind: the models' own, or <c>dev.example.v1.Widget</c> for a custom resource.</summary>
    public static string Of(ApiResource resource) => resource.IsCustom
        ? $"{string.Join('.', resource.Type.Group.Split('.').Reverse())}.{resource.Type.Version}.{resource.Type.Kind}"
        : resource.Schema.Value.Definition ?? resource.Type.Kind;

    /// <summary>Name of the lists of a kind.</summary>
    public static string OfList(ApiResource resource) => Of(resource)[..^resource.Type.Kind.Length] + resource.ListKind;

    /// <summary>The <c>x-kubernetes-group-version-kind</c> of a kind.</summary>
    public static System.Text.Json.Nodes.JsonObject GroupVersionKind(ResourceType type, string kind) =>
        new() { ["group"] = type.Group, ["kind"] = kind, ["version"] = type.Version };
}
