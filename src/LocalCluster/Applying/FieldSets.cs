using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Which fields an object has.</summary>
internal static class FieldSets
{
    /// <summary>The fields that somebody who applies a value claims.</summary>
    public static FieldSet Of(JsonNode? value, SchemaNode? schema)
    {
        var set = new FieldSet();
        switch (MergeTypes.Of(schema, value, null))
        {
            case MergeType.Object:
                foreach (var (name, child) in value!.AsObject())
                {
                    var below = Of(child, schema?.Field(name));

                    // Entries of maps exist by themselves; fields of structures are only where their content is.
                    set.Add(PathElement.Field(name), IsEntry(schema, name) ? below.Add() : below);
                }

                break;
            case MergeType.List:
                foreach (var item in value!.AsArray())
                {
                    if (PathElement.TryItem(item, schema!, out var element))
                    {
                        set.Add(element, Of(item, schema!.Items).Add());
                    }
                }

                break;
            default:
                set.Add();
                break;
        }

        return set;
    }

    /// <summary>
    /// The set with every named field that leads to a member. Merging treats <c>spec.replicas</c> as a claim on <c>spec</c> too, but an
    /// entry of a map as no claim on the map.
    /// </summary>
    public static FieldSet WithNamedFields(FieldSet set, SchemaNode? schema)
    {
        var result = new FieldSet();
        if (set.IsMember)
        {
            result.Add();
        }

        foreach (var (element, child) in set.Children)
        {
            var name = element.StartsWith("f:", StringComparison.Ordinal) ? element[2..] : null;
            var below = WithNamedFields(child, name is null ? schema?.Items : schema?.Field(name));
            result.Add(element, name is not null && !IsEntry(schema, name) ? below.Add() : below);
        }

        return result;
    }

    private static bool IsEntry(SchemaNode? schema, string name) => schema?.Properties.ContainsKey(name) != true;
}
