using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Manifests;

/// <summary>Live objects as whole JSON.</summary>
internal static class LiveObjectJson
{
    /// <summary>The object with its kind, which a real API server leaves out of the items of a list.</summary>
    public static JsonObject ToJson(this LiveObject live, ResourceType type)
    {
        var json = JsonNode.Parse(live.Json.Span)!.AsObject();
        json["apiVersion"] = type.ApiVersion;
        json["kind"] = type.Kind;
        return json;
    }
}
