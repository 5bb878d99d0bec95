using System.Text.Json.Nodes;

namespace LocalCluster.Applying;

/// <summary>The JSON form of a <see cref="FieldSet"/> in <c>metadata.managedFields[*].fieldsV1</c>.</summary>
internal static class FieldsV1
{
    private const string Self = ".";

    /// <summary>Reads a set.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static FieldSet Read(JsonObject json)
    {
        var set = new FieldSet();
        foreach (var (key, value) in json)
        {
            if (key == Self)
            {
                set.Add();
                continue;
            }

            var child = value is JsonObject below ? Read(below) : throw new FormatException($"\"{key}\" is not an object");
            set.Add(PathElement.Parse(key), child.IsEmpty ? child.Add() : child);
        }

        return set;
    }

    /// <summary>Writes a set.</summary>
    public static JsonObject Write(FieldSet set)
    {
        var json = new JsonObject();
        if (set.IsMember && set.Children.Count > 0)
        {
            json[Self] = new JsonObject();
        }

        foreach (var (element, child) in set.Children.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            json[element] = Write(child);
        }

        return json;
    }
}
