using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Which fields differ between two states of an object.</summary>
/// <param name="Added">Fields that only the new state has.</param>
/// <param name="Modified">Fields that both have, with different values.</param>
/// <param name="Removed">Fields that only the old state has.</param>
internal sealed record Comparison(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    /// <summary>Added and modified fields.</summary>
    public FieldSet Changed => Added.Union(Modified);

    /// <summary>Compares two states; either may be absent.</summary>
    public static Comparison Of(JsonNode? old, JsonNode? @new, SchemaNode? schema)
    {
        var (added, modified, removed) = (new FieldSet(), new FieldSet(), new FieldSet());
        switch (MergeTypes.Of(schema, old, @new))
        {
            case MergeType.Object:
                CompareFields(old as JsonObject, @new as JsonObject, schema, new(added, modified, removed));
                break;
            case MergeType.List:
                CompareItems(old as JsonArray, @new as JsonArray, schema!, new(added, modified, removed));
                break;
            default:
                if (old is not null && @new is not null && !JsonNode.DeepEquals(old, @new))
                {
                    modified.Add();
                }

                break;
        }

        if (old is null && @new is not null)
        {
            added.Add();
        }
        else if (old is not null && @new is null)
        {
            removed.Add();
        }

        return new Comparison(added, modified, removed);
    }

    /// <summary>The same without some fields and all that is below them.</summary>
    public Comparison Without(FieldSet ignored) =>
        new(Added.ExceptTrees(ignored), Modified.ExceptTrees(ignored), Removed.ExceptTrees(ignored));

    private void Add(string element, Comparison below)
    {
        Added.Add(element, below.Added);
        Modified.Add(element, below.Modified);
        Removed.Add(element, below.Removed);
    }

    private static void CompareFields(JsonObject? old, JsonObject? @new, SchemaNode? schema, Comparison result)
    {
        foreach (var (name, before) in old ?? [])
        {
            result.Add(PathElement.Field(name), Of(before, @new?[name], schema?.Field(name)));
        }

        foreach (var (name, after) in @new ?? [])
        {
            if (old?.ContainsKey(name) != true)
            {
                result.Add(PathElement.Field(name), Of(null, after, schema?.Field(name)));
            }
        }
    }

    private static void CompareItems(JsonArray? old, JsonArray? @new, SchemaNode schema, Comparison result)
    {
        var before = Index(old, schema);
        var after = Index(@new, schema);
        foreach (var element in before.Keys.Union(after.Keys))
        {
            IReadOnlyList<JsonNode?> olds = before.GetValueOrDefault(element, []);
            IReadOnlyList<JsonNode?> news = after.GetValueOrDefault(element, []);
            result.Add(element, CompareItem(olds, news, schema.Items));
        }
    }

    // Lists that came from clients without server-side apply may hold an item twice; then all that have its key are one value.
    private static Comparison CompareItem(IReadOnlyList<JsonNode?> old, IReadOnlyList<JsonNode?> @new, SchemaNode? schema)
    {
        if (old.Count <= 1 && @new.Count <= 1)
        {
            return Of(old.Count == 0 ? null : old[0], @new.Count == 0 ? null : @new[0], schema);
        }

        if (old.Count > 1 && @new.Count > 1)
        {
            var same = old.Count == @new.Count && old.Zip(@new).All(pair => JsonNode.DeepEquals(pair.First, pair.Second));
            return new Comparison(new(), same ? new() : new FieldSet().Add(), new());
        }

        if (old.Count > 1)
        {
            var added = @new.Count == 0 ? new Comparison(new(), new(), new()) : Of(null, @new[0], schema);
            return added with { Removed = new FieldSet().Add() };
        }

        var removed = old.Count == 0 ? new Comparison(new(), new(), new()) : Of(old[0], null, schema);
        return removed with { Added = new FieldSet().Add() };
    }

    private static Dictionary<string, List<JsonNode?>> Index(JsonArray? list, SchemaNode schema)
    {
        var index = new Dictionary<string, List<JsonNode?>>();
        foreach (var item in list ?? [])
        {
            if (PathElement.TryItem(item, schema, out var element))
            {
                if (!index.TryGetValue(element, out var items))
                {
                    items = [];
                    index[element] = items;
                }

                items.Add(item);
            }
        }

        return index;
    }
}
