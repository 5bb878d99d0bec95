using System.Text.Json.Nodes;

namespace LocalCluster.Workloads;

/// <summary>The JSON Merge Patch (RFC 7386) that leads from one object to another.</summary>
internal static class MergeDiff
{
    /// <summary>Compares two objects.</summary>
    /// <returns>The patch; null when nothing differs.</returns>
    public static JsonObject? Between(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before)
        {
            if (!after.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        foreach (var (name, now) in after)
        {
            if (before[name] is JsonObject known && now is JsonObject wanted)
            {
                if (Between(known, wanted) is { } inner)
                {
                    patch[name] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(before[name], now))
            {
                patch[name] = now?.DeepClone();
            }
        }

        return patch.Count > 0 ? patch : null;
    }
}
