using System.Text.Json.Nodes;
using LocalCluster.Resources;

namespace LocalCluster.Applying;

/// <summary>The times in <c>metadata.managedFields</c>, which alone are no reason to store an object again.</summary>
internal static class ManagedFieldTimes
{
    /// <summary>Takes the old times over when nothing but times differs in the list.</summary>
    public static void KeepIfAlone(KubeObject obj, KubeObject old)
    {
        if (obj.Metadata["managedFields"] is JsonArray entries && old.Metadata["managedFields"] is JsonArray before
            && JsonNode.DeepEquals(Timeless(entries), Timeless(before)) && SameRest(obj, old))
        {
            obj.Set("managedFields", before.DeepClone());
        }
    }

    private static bool SameRest(KubeObject obj, KubeObject old)
    {
        var (mine, others) = (obj.Metadata["managedFields"], old.Metadata["managedFields"]);
        obj.Set("managedFields", null);
        old.Set("managedFields", null);
        var same = JsonNode.DeepEquals(obj.Json, old.Json);
        obj.Set("managedFields", mine);
        old.Set("managedFields", others);
        return same;
    }

    // Entries are ordered by time, which must not count either.
    private static JsonArray Timeless(JsonArray entries)
    {
        var timeless = entries.Select(e => (JsonObject)e!.DeepClone()).ToList();
        timeless.ForEach(e => e.Remove("time"));
        return new JsonArray([.. timeless.OrderBy(e => e.ToJsonString(), StringComparer.Ordinal)]);
    }
}
