using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Tables;

namespace LocalCluster.Api;

/// <summary>The <c>scale</c> subresource: wanted and observed replicas of any kind that has some.</summary>
/// <param name="resource">The resource that is scaled.</param>
/// <param name="mapping">Where it keeps its replicas.</param>
internal sealed class ScaleView(ApiResource resource, ScaleMapping mapping) : IObjectView
{
    private static readonly ApiResource ScaleKind = new()
    {
        Type = new ResourceType("autoscaling", "v1", "scales", "Scale"),
        Singular = "scale",
        ListKind = "ScaleList",
        StorageName = "scales.autoscaling",
        Schema = new Lazy<SchemaNode>(() => BuiltInSchemas.Find("autoscaling/v1", "Scale")!),
    };

    /// <inheritdoc/>
    public ApiResource Shape => ScaleKind;

    /// <inheritdoc/>
    public KubeObject Show(KubeObject obj)
    {
        var metadata = new JsonObject();
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (obj.Metadata[name] is { } value)
            {
                metadata[name] = value.DeepClone();
            }
        }

        var status = new JsonObject { ["replicas"] = Number(obj.Json, mapping.StatusReplicas) };
        if (mapping.Selector is { } selector && Find(obj.Json, selector) is { } found && ShowSelector(found) is { Length: > 0 } text)
        {
            status["selector"] = text;
        }

        return new KubeObject(new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = Number(obj.Json, mapping.SpecReplicas) },
            ["status"] = status,
        });
    }

    /// <inheritdoc/>
    public KubeObject Write(KubeObject view, KubeObject? obj)
    {
        SetReplicas(obj!.Json, view.Json.Number("spec.replicas"));
        if (view.ResourceVersion.Length > 0)
        {
            obj.ResourceVersion = view.ResourceVersion;
        }

        return obj;
    }

    /// <inheritdoc/>
    public KubeObject Configure(KubeObject view)
    {
        var config = new JsonObject { ["apiVersion"] = resource.Type.ApiVersion, ["kind"] = resource.Type.Kind, ["metadata"] = view.Metadata.DeepClone() };
        if (view.Json.At("spec.replicas") is not null)
        {
            SetReplicas(config, view.Json.Number("spec.replicas"));
        }

        return new KubeObject(config);
    }

    private void SetReplicas(JsonObject obj, long replicas) =>
        obj.ObjectAt(string.Join('.', mapping.SpecReplicas.SkipLast(1)))[mapping.SpecReplicas[^1]] = replicas;

    private static JsonNode? Find(JsonObject obj, IReadOnlyList<string> path) => obj.At(string.Join('.', path));

    private static long Number(JsonObject obj, IReadOnlyList<string> path) => obj.Number(string.Join('.', path));

    private static string ShowSelector(JsonNode selector) =>
        selector.GetValueKind() == JsonValueKind.String ? (string)selector!
        : selector is JsonObject map && !map.ContainsKey("matchLabels") && !map.ContainsKey("matchExpressions") ? Cells.Labels(map)
        : Cells.Selector(selector);
}
