using System.Text.Json.Nodes;

namespace LocalCluster.Patching;

/// <summary>JSON Merge Patch (RFC 7386).</summary>
internal static class MergePatch
{
    /// <summary>Applies a patch to an object, which is changed.</summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject child:
                    if (target[name] is not JsonObject existing)
                    {
                        existing = [];
                        target[name] = existing;
                    }

                    Apply(existing, child);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }
}
