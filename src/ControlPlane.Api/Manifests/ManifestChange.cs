using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Manifests;

/// <summary>An apply of manifests as it waits for its approval.</summary>
internal static class ManifestChange
{
    /// <summary>Objects that follow from the manifests and are shown to an approver.</summary>
    private const int MostObjects = 100;

    /// <summary>The manifests, to be kept.</summary>
    public static JsonNode Write(IReadOnlyList<ManifestDocument> manifests) => JsonSerializer.SerializeToNode(
        new ManifestFiles([.. manifests.Select(manifest => new ManifestFile(manifest.File, ManifestWriter.ToYaml(manifest.Json)))]), KubeJson.Options)!;

    /// <summary>The manifests that were kept.</summary>
    public static IReadOnlyList<ManifestDocument> Read(JsonNode change) =>
        [.. change.Deserialize<ManifestFiles>(KubeJson.Options)!.Manifests.SelectMany(file => ManifestReader.Read(file.Content, file.File))];

    /// <summary>True when a manifest holds a secret in clear, which must not lie about until somebody approves.</summary>
    public static bool HoldsSecret(ManifestDocument manifest) =>
        manifest.Kind == "Secret" || !JsonNode.DeepEquals(RecordedState.Of(manifest.Json), ObjectDiff.Presentable(manifest.Json));

    /// <summary>What applying would do.</summary>
    /// <exception cref="RequestException">The cluster would refuse: nobody needs to be asked to approve of that.</exception>
    public static CommandPlan Plan(PlanResult plan)
    {
        if (plan.Manifests.FirstOrDefault(manifest => manifest.Action == PlannedAction.Refuse) is { } refused)
        {
            throw RequestException.BadParameter("manifests", $"the cluster would refuse {refused.Kind} {refused.Name}: {refused.Problems[0].Field} {refused.Problems[0].Message}");
        }

        return new(
            DigestOf(plan),
            [.. All(plan).Take(plan.Manifests.Count + MostObjects).Select(item => new PlannedChange(item.Kind, item.Namespace, item.Name, item.Action, item.Diff?.Before ?? "", item.Diff?.After ?? ""))]);
    }

    /// <summary>Tells a plan from any other: what it would do to which object, field by field.</summary>
    public static string DigestOf(PlanResult plan)
    {
        var lines = All(plan).Select(item => $"{item.Kind} {item.Namespace}/{item.Name} {item.Action} {Fields(item.Diff)}");
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(lines)));
    }

    private static IEnumerable<(string Kind, string Namespace, string Name, PlannedAction Action, ObjectDiff? Diff)> All(PlanResult plan) =>
        plan.Manifests.Select(item => (item.Kind, item.Namespace, item.Name, item.Action, item.Diff))
            .Concat(plan.Objects.Select(item => (item.Kind, item.Namespace, item.Name, item.Action, item.Diff)));

    private static string Fields(ObjectDiff? diff) =>
        JsonSerializer.Serialize((diff?.Fields ?? []).Select(field => field is { Path: "", After: { } made } ? field with { After = Declared(made) } : field));

    /// <summary>An object that does not exist yet, without what the API server would choose anew at every dry run: uids and addresses.</summary>
    private static string Declared(string made)
    {
        var json = JsonNode.Parse(made)!.AsObject();
        var metadata = json["metadata"] as JsonObject;
        metadata?.Remove("ownerReferences");
        (metadata?["annotations"] as JsonObject)?.Remove(FleetApi.AppliedAnnotation);
        (json["spec"] as JsonObject)?.Remove("clusterIP");
        (json["spec"] as JsonObject)?.Remove("clusterIPs");
        return json.ToJsonString();
    }
}
