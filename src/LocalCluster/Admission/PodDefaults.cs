using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Admission;

/// <summary>What every new pod gets of the cluster: priority and tolerations of nodes that are away for a short time.</summary>
internal sealed class PodDefaults : IAdmissionPlugin
{
    private const long AwaySeconds = 300;
    private const string Classes = "priorityclasses.scheduling.k8s.io";

    /// <inheritdoc/>
    public void Mutate(AdmissionRequest request)
    {
        if (request is { Operation: AdmissionOperation.Create, Resource.StorageName: "pods" })
        {
            var spec = request.Object.Json.ObjectAt("spec");
            SetPriority(request, spec);
            Tolerate(spec, "node.kubernetes.io/not-ready");
            Tolerate(spec, "node.kubernetes.io/unreachable");
        }
    }

    private static void SetPriority(AdmissionRequest request, JsonObject spec)
    {
        var name = spec.Text("priorityClassName");
        var priorityClass = name.Length > 0 ? Find(request, name) : Default(request);
        if (name.Length > 0 && priorityClass is null)
        {
            throw StatusErrors.Forbidden(request.Resource.Type, request.Object.Name, $"no PriorityClass with name {name} was found");
        }

        if (priorityClass is not null)
        {
            spec["priorityClassName"] = priorityClass.Name;
        }

        spec["priority"] = priorityClass?.Json.Number("value") ?? 0;
        spec["preemptionPolicy"] = priorityClass?.Json.Text("preemptionPolicy") is { Length: > 0 } policy ? policy : "PreemptLowerPriority";
    }

    private static KubeObject? Find(AdmissionRequest request, string name) =>
        request.Context.Snapshot.Find(Classes, new ObjectKey("", name)) is { } stored ? KubeObject.Parse(stored) : null;

    private static KubeObject? Default(AdmissionRequest request) =>
        request.Context.Snapshot.Table(Classes).Range().Select(KubeObject.Parse).FirstOrDefault(c => c.Json.Flag("globalDefault"));

    private static void Tolerate(JsonObject spec, string taint)
    {
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        if (tolerations.Any(t => t.Text("key") is var key && (key == taint || key.Length == 0) && t.Text("effect") is "" or "NoExecute"))
        {
            return;
        }

        tolerations.Add(new JsonObject
        {
            ["effect"] = "NoExecute",
            ["key"] = taint,
            ["operator"] = "Exists",
            ["tolerationSeconds"] = AwaySeconds,
        });
        if (tolerations.Parent is null)
        {
            spec["tolerations"] = tolerations;
        }
    }
}
