using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Registry.Baseline;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>An object of a data plane, owned by the service that it is for.</summary>
internal static class TrafficObject
{
    /// <summary>
    /// Name of an object: the service's, and after a dot which one it is. No service has a dot in its name, so no two services meet in one name.
    /// </summary>
    public static string NameOf(ManagedService service, string? part) => part is null ? service.Metadata.Name : $"{service.Metadata.Name}.{part}";

    /// <summary>An object with a spec.</summary>
    public static DesiredObject WithSpec(ResourceType type, ManagedService service, string? part, JsonObject spec, IReadOnlyDictionary<string, string>? annotations = null) =>
        WithFields(type, service, part, new JsonObject { ["spec"] = spec }, annotations);

    /// <summary>An object whose fields stand beside its metadata.</summary>
    public static DesiredObject WithFields(ResourceType type, ManagedService service, string? part, JsonObject fields, IReadOnlyDictionary<string, string>? annotations = null)
    {
        var metadata = BaselineMetadata.For(service, NameOf(service, part));
        metadata.Annotations = annotations is { Count: > 0 } ? annotations.ToDictionary() : null;
        var json = new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["metadata"] = JsonSerializer.SerializeToNode(metadata, KubeJson.Options),
        };
        foreach (var (name, value) in fields.ToList())
        {
            fields.Remove(name);
            json[name] = value;
        }

        return DesiredObject.From(type, new ObjectKey(service.Metadata.Namespace, metadata.Name), json);
    }
}
