using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Merges what somebody applies into what is there.</summary>
internal static class Merging
{
    /// <summary>The live value with all that the configuration says. Neither is changed; the result shares nothing with them.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, SchemaNode? schema)
    {
        switch (MergeTypes.Of(schema, live, config))
        {
            case MergeType.Object when live is not null && config is not null:
                return MergeFields(live.AsObject(), config.AsObject(), schema);
            case MergeType.List when live is not null && config is not null:
                return MergeItems(live.AsArray(), config.AsArray(), schema!);
            default:
                return (config ?? live)?.DeepClone();
        }
    }

    private static JsonObject MergeFields(JsonObject live, JsonObject config, SchemaNode? schema)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in live)
        {
            merged[name] = config.TryGetPropertyValue(name, out var wanted)
                ? wanted is null ? null : Merge(value, wanted, schema?.Field(name))
                : value?.DeepClone();
        }

        foreach (var (name, wanted) in config)
        {
            if (!live.ContainsKey(name))
            {
                merged[name] = wanted?.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>
    /// The items of both lists. Items of the configuration are in its order; others stay where they were, before the item of the
    /// configuration that they stood before.
    /// </summary>
    private static JsonArray MergeItems(JsonArray live, JsonArray config, SchemaNode schema)
    {
        var (liveOrder, liveItems) = Index(live, schema);
        var (configOrder, configItems) = Index(config, schema);
        var shared = new Queue<string>(configOrder.Where(liveItems.ContainsKey));
        var merged = new JsonArray();
        var done = new HashSet<string>();
        var (l, c) = (0, 0);
        while (l < liveOrder.Count || c < configOrder.Count)
        {
            if (l < liveOrder.Count)
            {
                var element = liveOrder[l];
                if (!configItems.ContainsKey(element))
                {
                    merged.Add(live[l]?.DeepClone());
                    l++;
                    continue;
                }

                // An item that both have, but whose turn by the configuration's order has passed or is yet to come.
                if (done.Contains(element) || (shared.TryPeek(out var next) && next != element))
                {
                    l++;
                    continue;
                }
            }

            if (c < configOrder.Count)
            {
                var element = configOrder[c++];
                if (shared.TryPeek(out var next) && next == element)
                {
                    shared.Dequeue();
                }

                done.Add(element);
                merged.Add(Merge(liveItems.GetValueOrDefault(element), configItems[element], schema.Items));
            }
        }

        return merged;
    }

    private static (List<string> Order, Dictionary<string, JsonNode?> Items) Index(JsonArray list, SchemaNode schema)
    {
        var order = new List<string>(list.Count);
        var items = new Dictionary<string, JsonNode?>();
        foreach (var item in list)
        {
            var known = PathElement.TryItem(item, schema, out var element);

            // An item without key matches nothing and stays as it is. Of items that are there twice none is merged.
            element ??= $"?{order.Count}";
            items[element] = known && !items.ContainsKey(element) ? item : null;
            order.Add(element);
        }

        return (order, items);
    }
}
