using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Actions;

/// <summary>Assigns a pod to a node: what a scheduler does.</summary>
/// <param name="catalogs">What is served.</param>
/// <param name="updater">Changes the pod.</param>
/// <param name="clock">Time.</param>
internal sealed class BindPod(CatalogSource catalogs, ObjectUpdater updater, TimeProvider clock) : IObjectAction
{
    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("pods", "binding");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var options = WriteOptions.ForCreate(request);
        var body = await ActionAnswer.ReadAsync(request);
        var binding = new KubeObject(body);
        var key = new ObjectKey(request.Path.Namespace, request.Path.Name.Length > 0 ? request.Path.Name : binding.Name);
        if (body.Text("target.kind") is not ("" or "Node"))
        {
            throw StatusErrors.Invalid("", "Binding", key.Name, [FieldError.NotSupported("target.kind", body.At("target.kind"), ["Node", "<empty>"])]);
        }

        if (body.Text("target.name") is not { Length: > 0 } node)
        {
            throw StatusErrors.Invalid("", "Binding", key.Name, [FieldError.Required("target.name")]);
        }

        var pods = catalogs.Current.Find("", "v1", "pods")!;
        await updater.UpdateAsync(
            new ObjectChange(pods, key, "binding", pod => Bind(pods, pod!, binding, node)), request.Registry(options.DryRun));
        await ActionAnswer.DoneAsync(request);
    }

    private KubeObject Bind(ApiResource pods, KubeObject pod, KubeObject binding, string node)
    {
        if (pod.DeletionTimestamp is not null)
        {
            throw StatusErrors.Conflict(pods.Type, pod.Name, $"pod {pod.Name} is being deleted, cannot be assigned to a host");
        }

        if (pod.Json.Text("spec.nodeName") is { Length: > 0 } assigned)
        {
            throw StatusErrors.Conflict(pods.Type, pod.Name, $"pod {pod.Name} is already assigned to node \"{assigned}\"");
        }

        if (pod.Json.Items("spec.schedulingGates").Count > 0)
        {
            throw StatusErrors.Conflict(pods.Type, pod.Name, $"pod {pod.Name} has non-empty .spec.schedulingGates");
        }

        if (binding.Uid.Length > 0 && binding.Uid != pod.Uid)
        {
            throw StatusErrors.Conflict(pods.Type, pod.Name, $"Precondition failed: UID in precondition: {binding.Uid}, UID in object meta: {pod.Uid}");
        }

        pod.Json.ObjectAt("spec")["nodeName"] = node;
        foreach (var part in (ReadOnlySpan<string>)["annotations", "labels"])
        {
            foreach (var (name, value) in binding.Metadata[part] as JsonObject ?? [])
            {
                pod.Metadata.ObjectAt(part)[name] = value?.DeepClone();
            }
        }

        SetScheduled(pod);
        return pod;
    }

    private void SetScheduled(KubeObject pod)
    {
        var status = pod.Json.ObjectAt("status");
        var others = status.Items("conditions").Where(c => c.Text("type") != "PodScheduled").Select(c => c.DeepClone());
        status["conditions"] = new JsonArray([.. others, new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = KubeObject.FormatTime(clock.GetUtcNow()),
        }]);
    }
}

/// <summary>The same under its older path, where the body names the pod.</summary>
/// <param name="bind">Does it.</param>
internal sealed class CreateBinding(BindPod bind) : IObjectAction
{
    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("bindings", "");

    /// <inheritdoc/>
    public Task HandleAsync(ResourceRequest request) => bind.HandleAsync(request);
}
