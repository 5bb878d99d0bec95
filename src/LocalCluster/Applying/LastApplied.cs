using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Applying;

/// <summary>The annotation in which client-side <c>kubectl apply</c> keeps what it applied last.</summary>
internal static class LastApplied
{
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The fields that client-side apply set and that still have its values.</summary>
    public static FieldSet Fields(JsonObject live, ApiResource resource)
    {
        if (Read(live) is not { } applied || (string?)applied["apiVersion"] != resource.Type.ApiVersion)
        {
            return new FieldSet();
        }

        var comparison = Comparison.Of(applied, live, resource.MergeSchema);
        return FieldSets.Of(applied, resource.MergeSchema).Except(comparison.Changed).Except(comparison.Removed);
    }

    /// <summary>Makes the annotation say what was applied server-side, so that a later client-side apply starts from there.</summary>
    public static void Sync(KubeObject obj, JsonObject config)
    {
        if (obj.Annotations is { } annotations && annotations.ContainsKey(Annotation))
        {
            var applied = new KubeObject((JsonObject)config.DeepClone());
            applied.Annotations?.Remove(Annotation);
            annotations[Annotation] = applied.Json.ToJsonString() + "\n";
        }
    }

    private static JsonObject? Read(JsonObject live)
    {
        try
        {
            return (string?)live["metadata"]?["annotations"]?[Annotation] is { Length: > 0 } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            // Written by hand: as good as none.
            return null;
        }
    }
}
