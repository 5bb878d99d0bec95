using System.Text.Json.Nodes;

namespace LocalCluster.Patching;

/// <summary>The order of a list after a strategic merge patch.</summary>
internal static class PatchedList
{
    /// <summary>
    /// Puts the items that the patch names in the patch's order, and the others between them where they stood before: each before the
    /// first item of the patch that stood behind it.
    /// </summary>
    /// <param name="items">The items.</param>
    /// <param name="before">The list as it was.</param>
    /// <param name="order">The patch's order: items, or objects with the key only.</param>
    /// <param name="key">Key of the items; null for plain values.</param>
    public static JsonArray Arrange(JsonArray items, JsonArray before, JsonArray order, string? key)
    {
        var wanted = Positions(order, key);
        var old = Positions(before, key);
        var named = items.Where(i => wanted.ContainsKey(Identity(i, key))).OrderBy(i => wanted[Identity(i, key)]).ToList();
        var others = items.Where(i => !wanted.ContainsKey(Identity(i, key)))
            .OrderBy(i => old.GetValueOrDefault(Identity(i, key), int.MaxValue)).ToList();
        var arranged = new JsonArray();
        var (n, o) = (0, 0);
        while (n < named.Count || o < others.Count)
        {
            var takeOther = n == named.Count
                || (o < others.Count
                    && old.TryGetValue(Identity(others[o], key), out var otherAt) && old.TryGetValue(Identity(named[n], key), out var namedAt)
                    && otherAt < namedAt);
            arranged.Add((takeOther ? others[o++] : named[n++])?.DeepClone());
        }

        return arranged;
    }

    private static Dictionary<string, int> Positions(JsonArray list, string? key)
    {
        var positions = new Dictionary<string, int>();
        foreach (var (i, item) in list.Index())
        {
            positions.TryAdd(Identity(item, key), i);
        }

        return positions;
    }

    private static string Identity(JsonNode? item, string? key) =>
        (key is null ? item : (item as JsonObject)?[key])?.ToJsonString() ?? "null";
}
