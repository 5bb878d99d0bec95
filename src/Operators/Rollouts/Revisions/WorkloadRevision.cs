using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Registry.Baseline;

namespace Operators.Rollouts.Revisions;

/// <summary>
/// A version of what a service runs: its pod template, and a name that follows from it. Kept as a ControllerRevision of the service, as Kubernetes keeps those of
/// its own workloads, so that what users have can be run when something else is declared.
/// </summary>
/// <param name="Name">Hash of the template: equal templates have equal names.</param>
/// <param name="Template">The pod template, without a track.</param>
public sealed record WorkloadRevision(string Name, JsonObject Template)
{
    private const int NameBytes = 5;

    /// <summary>Annotation of a Deployment, and label of a canary's pods: the revision that it runs.</summary>
    public const string Mark = FleetApi.Group + "/revision";

    /// <summary>Image of its first container; null when it has none.</summary>
    public string? Image => (string?)(Template["spec"]?["containers"] as JsonArray)?.FirstOrDefault()?["image"];

    /// <summary>What a service declares.</summary>
    /// <exception cref="ArgumentException">It has no workload of its own.</exception>
    public static WorkloadRevision Of(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var workload = service.Spec.Workload ?? throw new ArgumentException($"ManagedService {service.Metadata.Key} has no workload", nameof(service));
        return Of(workload.Template ?? JsonSerializer.SerializeToNode(PodBaseline.Plan(service, workload), KubeJson.Options)!.AsObject());
    }

    /// <summary>A template, of whatever track.</summary>
    public static WorkloadRevision Of(JsonObject template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var own = template.DeepClone().AsObject();
        if (own["metadata"]?["labels"] is JsonObject labels)
        {
            labels.Remove(Tracks.Label);
            labels.Remove(Mark);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(own).ToJsonString()));
        return new(Convert.ToHexStringLower(hash.AsSpan(0, NameBytes)), own);
    }

    /// <summary>Reads what was kept; null when it is none of ours.</summary>
    public static WorkloadRevision? Read(LiveObject kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return kept.Metadata.Annotations.TryGetValue(Mark, out var name) && JsonNode.Parse(kept.Json.Span)?["data"]?["template"] is JsonObject template
            ? new(name, template.DeepClone().AsObject())
            : null;
    }

    /// <summary>Where a revision of a service is kept.</summary>
    public static ObjectKey KeyOf(ObjectKey service, string revision) => new(service.Namespace, $"{service.Name}-{revision}");

    /// <summary>The template for one of the sides.</summary>
    public JsonObject On(string track)
    {
        var template = Template.DeepClone().AsObject();
        var metadata = Child(template, "metadata");
        var labels = Child(metadata, "labels");
        labels[Tracks.Label] = track;
        if (track == Tracks.Canary)
        {
            labels[Mark] = Name;
        }

        return template;
    }

    /// <summary>The object that keeps it.</summary>
    public DesiredObject ToObject(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var key = KeyOf(service.Metadata.Key, Name);
        var metadata = BaselineMetadata.For(service, key.Name);
        metadata.Annotations = new Dictionary<string, string> { [Mark] = Name };
        return DesiredObject.From(KnownResources.ControllerRevisions, key, new JsonObject
        {
            ["apiVersion"] = KnownResources.ControllerRevisions.ApiVersion,
            ["kind"] = KnownResources.ControllerRevisions.Kind,
            ["metadata"] = JsonSerializer.SerializeToNode(metadata, KubeJson.Options),
            ["revision"] = 1,
            ["data"] = new JsonObject { ["template"] = Template.DeepClone() },
        });
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }

    /// <summary>Maps in order of their names: two ways to write a template are one revision.</summary>
    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(static item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };
}
