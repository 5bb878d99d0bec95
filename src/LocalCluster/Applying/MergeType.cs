using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>How ownership and merging treat a value.</summary>
internal enum MergeType
{
    /// <summary>One value with one owner: a scalar, or a list or object that is atomic.</summary>
    Leaf,

    /// <summary>An object whose fields have owners of their own.</summary>
    Object,

    /// <summary>A list whose items have owners of their own.</summary>
    List,
}

/// <summary>Tells <see cref="MergeType"/> from schema and value.</summary>
internal static class MergeTypes
{
    /// <summary>
    /// The type of two values of one field, of which one may be absent. Where the schema says nothing, objects are merged field by
    /// field and lists are atomic. Empty ones are leaves, so that empty and absent remain different.
    /// </summary>
    public static MergeType Of(SchemaNode? schema, JsonNode? left, JsonNode? right) => (left ?? right) switch
    {
        JsonObject when right is not (null or JsonObject) => MergeType.Leaf,
        JsonArray when right is not (null or JsonArray) => MergeType.Leaf,
        JsonObject when schema is { AtomicMap: true } || (IsEmpty(left) && IsEmpty(right)) => MergeType.Leaf,
        JsonObject => MergeType.Object,
        JsonArray when !IsMerged(schema) || (IsEmpty(left) && IsEmpty(right)) => MergeType.Leaf,
        JsonArray => MergeType.List,
        _ => MergeType.Leaf,
    };

    private static bool IsMerged(SchemaNode? schema) => schema?.ListType is ListType.Set or ListType.Map;

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
