using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>
/// Server-side apply as far as the applier's tests need it: fields are owned one by one, a list is one field. Ownership is kept where the API
/// keeps it, in <c>metadata.managedFields</c>.
/// </summary>
internal static class FieldManagers
{
    private static readonly HashSet<string> NobodyOwns =
    [
        "f:apiVersion", "f:kind", "f:status", "f:metadata/f:name", "f:metadata/f:namespace", "f:metadata/f:uid", "f:metadata/f:resourceVersion",
        "f:metadata/f:generation", "f:metadata/f:creationTimestamp", "f:metadata/f:deletionTimestamp", "f:metadata/f:managedFields",
    ];

    /// <summary>Records who changed what by an update; an update that changes the record itself is taken at its word.</summary>
    public static void Updated(JsonObject before, JsonObject after, string manager)
    {
        if (!JsonNode.DeepEquals(before["metadata"]?["managedFields"], after["metadata"]!["managedFields"]))
        {
            return;
        }

        var (old, now) = (Leaves(before), Leaves(after));
        var changed = now.Where(leaf => !JsonNode.DeepEquals(old.GetValueOrDefault(leaf.Key), leaf.Value)).Select(leaf => leaf.Key).ToHashSet();
        var removed = old.Keys.Where(leaf => !now.ContainsKey(leaf)).ToHashSet();
        if (changed.Count + removed.Count > 0)
        {
            var entries = Read(after);
            entries.ForEach(entry => entry.Fields.RemoveWhere(field => changed.Contains(field) || removed.Contains(field)));
            Entry(entries, manager, "Update").UnionWith(changed);
            Write(after, entries);
        }
    }

    public static JsonObject Applied(JsonObject present, JsonObject sent, string manager, bool force)
    {
        var next = present.DeepClone().AsObject();
        var (wanted, entries) = (Leaves(sent), Read(next));
        var mine = Entry(entries, manager, "Apply");
        var others = entries.Where(entry => entry.Fields != mine).ToList();
        var held = Leaves(next);
        var conflicts = wanted.Keys.Where(leaf => !JsonNode.DeepEquals(held.GetValueOrDefault(leaf), wanted[leaf])).ToHashSet();
        if (!force && others.Exists(entry => entry.Fields.Overlaps(conflicts)))
        {
            throw ModelRefusal.Conflict("Apply failed with conflicts");
        }

        others.ForEach(entry => entry.Fields.ExceptWith(conflicts));
        foreach (var dropped in mine.Where(field => !wanted.ContainsKey(field) && !others.Exists(entry => entry.Fields.Contains(field))))
        {
            Remove(next, dropped.Split('/'));
        }

        foreach (var (leaf, value) in wanted)
        {
            Set(next, leaf.Split('/'), value);
        }

        mine.Clear();
        mine.UnionWith(wanted.Keys);
        Write(next, entries);
        return next;
    }

    /// <summary>The object without what only the server writes.</summary>
    public static JsonObject Stripped(JsonObject sent)
    {
        var item = sent.DeepClone().AsObject();
        item["metadata"]!.AsObject().Remove("managedFields");
        return item;
    }

    private static Dictionary<string, JsonNode?> Leaves(JsonObject item)
    {
        var leaves = new Dictionary<string, JsonNode?>();
        Collect(item, "", leaves);
        return leaves;
    }

    private static void Collect(JsonObject item, string path, Dictionary<string, JsonNode?> leaves)
    {
        foreach (var (name, value) in item)
        {
            var step = $"{path}f:{name.Replace("/", "~1", StringComparison.Ordinal)}";
            if (NobodyOwns.Contains(step) || value is null)
            {
                continue;
            }

            if (value is JsonObject { Count: > 0 } nested)
            {
                Collect(nested, step + "/", leaves);
            }
            else
            {
                leaves[step] = value;
            }
        }
    }

    private static void Set(JsonObject item, ReadOnlySpan<string> steps, JsonNode? value)
    {
        if (steps.Length == 1)
        {
            item[Name(steps[0])] = value?.DeepClone();
            return;
        }

        if (item[Name(steps[0])] is not JsonObject nested)
        {
            item[Name(steps[0])] = nested = [];
        }

        Set(nested, steps[1..], value);
    }

    private static void Remove(JsonObject item, ReadOnlySpan<string> steps)
    {
        if (steps.Length == 1)
        {
            item.Remove(Name(steps[0]));
        }
        else if (item[Name(steps[0])] is JsonObject nested)
        {
            Remove(nested, steps[1..]);
        }
    }

    private static string Name(string step) => step[2..].Replace("~1", "/", StringComparison.Ordinal);

    private static HashSet<string> Entry(List<Managed> entries, string manager, string operation)
    {
        if (entries.Find(entry => entry.Manager == manager && entry.Operation == operation) is { } known)
        {
            return known.Fields;
        }

        entries.Add(new(manager, operation, []));
        return entries[^1].Fields;
    }

    private static List<Managed> Read(JsonObject item)
    {
        var entries = new List<Managed>();
        foreach (var entry in item["metadata"]!["managedFields"]?.AsArray() ?? [])
        {
            var fields = new HashSet<string>();
            ReadFields(entry!["fieldsV1"]!.AsObject(), "", fields);
            entries.Add(new((string)entry["manager"]!, (string)entry["operation"]!, fields));
        }

        return entries;
    }

    private static void ReadFields(JsonObject tree, string path, HashSet<string> fields)
    {
        foreach (var (step, below) in tree)
        {
            var at = path + step.Replace("/", "~1", StringComparison.Ordinal);
            if (below is JsonObject { Count: > 0 } nested)
            {
                ReadFields(nested, at + "/", fields);
            }
            else
            {
                fields.Add(at);
            }
        }
    }

    /// <summary>Applies come first, as in the API.</summary>
    private static void Write(JsonObject item, List<Managed> entries) => item["metadata"]!["managedFields"] = new JsonArray(
    [
        .. entries.Where(entry => entry.Fields.Count > 0).OrderBy(entry => entry.Operation, StringComparer.Ordinal).Select(entry =>
        {
            var tree = new JsonObject();
            foreach (var field in entry.Fields.Order(StringComparer.Ordinal))
            {
                SetField(tree, field.Split('/'));
            }

            return new JsonObject { ["manager"] = entry.Manager, ["operation"] = entry.Operation, ["fieldsType"] = "FieldsV1", ["fieldsV1"] = tree };
        }),
    ]);

    private static void SetField(JsonObject tree, ReadOnlySpan<string> steps)
    {
        var step = steps[0].Replace("~1", "/", StringComparison.Ordinal);
        if (tree[step] is not JsonObject below)
        {
            tree[step] = below = [];
        }

        if (steps.Length > 1)
        {
            SetField(below, steps[1..]);
        }
    }

    private sealed record Managed(string Manager, string Operation, HashSet<string> Fields);
}
