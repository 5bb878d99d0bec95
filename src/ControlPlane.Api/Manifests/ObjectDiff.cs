using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace ControlPlane.Api.Manifests;

/// <summary>A field that differs.</summary>
/// <param name="Path">Where, such as <c>spec.replicas</c>.</param>
/// <param name="Before">Value before, as JSON; null when it was not there.</param>
/// <param name="After">Value after, as JSON; null when it is not there.</param>
public sealed record FieldDifference(string Path, string? Before, string? After);

/// <summary>How two states of one object differ. Fields that the API server keeps for itself do not count, and secret values are not shown.</summary>
public sealed record ObjectDiff(IReadOnlyList<FieldDifference> Fields, string Unified)
{
    private const int LinesAround = 3;
    private static readonly string[] Bookkeeping = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];

    /// <summary>kubectl's own memory of what it applied (repeats the whole object, secrets included), and ours of which change it was.</summary>
    private static readonly string[] Notes = ["kubectl.kubernetes.io/last-applied-configuration", FleetApi.ChangeAnnotation];

    /// <summary>The state before, as YAML; empty when there was none. For showing both side by side (<see cref="LineDiff"/>).</summary>
    [JsonIgnore]
    public string Before { get; private init; } = "";

    /// <summary>The state after, as YAML; empty when there is none.</summary>
    [JsonIgnore]
    public string After { get; private init; } = "";

    /// <summary>Compares; either side may be absent.</summary>
    public static ObjectDiff Of(JsonObject? before, JsonObject? after)
    {
        var (old, now) = (Comparable(before), Comparable(after));
        if (old is not null && now is not null)
        {
            HideSecrets(old, now);
            old = InOrderOf(old, now)!.AsObject();
        }
        else
        {
            HideSecrets(old ?? now);
        }

        var fields = new List<FieldDifference>();
        Compare("", old, now, fields);
        var (oldText, text) = (Yaml(old), Yaml(now));
        return new(fields, Unify(oldText, text)) { Before = oldText, After = text };
    }

    /// <summary>The object without what the API server keeps for itself, and without secret values.</summary>
    public static JsonObject? Presentable(JsonObject? json)
    {
        var copy = Comparable(json);
        HideSecrets(copy);
        return copy;
    }

    private static JsonObject? Comparable(JsonObject? json)
    {
        if (json?.DeepClone() is not JsonObject copy)
        {
            return null;
        }

        if (copy["metadata"] is JsonObject metadata)
        {
            foreach (var field in Bookkeeping)
            {
                metadata.Remove(field);
            }

            RemoveNotes(metadata);
        }

        copy.Remove("status");
        return copy;
    }

    private static void RemoveNotes(JsonObject metadata)
    {
        if (metadata["annotations"] is not JsonObject annotations || !Notes.Any(annotations.ContainsKey))
        {
            return;
        }

        foreach (var note in Notes)
        {
            annotations.Remove(note);
        }

        if (annotations.Count == 0)
        {
            metadata.Remove("annotations");
        }
    }

    private static void HideSecrets(JsonObject? json)
    {
        if (json?["kind"] is not JsonValue kind || kind.ToString() != "Secret")
        {
            return;
        }

        foreach (var field in (string[])["data", "stringData"])
        {
            foreach (var key in (json![field] as JsonObject)?.Select(entry => entry.Key).ToList() ?? [])
            {
                json[field]![key] = "(hidden)";
            }
        }
    }

    /// <summary>Hides both sides, and says which values differ without saying how.</summary>
    private static void HideSecrets(JsonObject before, JsonObject after)
    {
        var changed = ((string[])["data", "stringData"])
            .SelectMany(field => (after[field] as JsonObject ?? []).Select(entry => (field, entry.Key)))
            .Where(at => (before[at.field] as JsonObject)?[at.Key] is { } old && !JsonNode.DeepEquals(old, after[at.field]![at.Key]))
            .ToList();
        HideSecrets(before);
        HideSecrets(after);
        if ((string?)after["kind"] == "Secret")
        {
            changed.ForEach(at => after[at.field]![at.Key] = "(hidden, changed)");
        }
    }

    /// <summary>The fields as the other side orders them: their order says nothing, and would show as changed lines.</summary>
    private static JsonNode? InOrderOf(JsonNode? json, JsonNode? model) => (json, model) switch
    {
        (JsonObject item, JsonObject like) => new JsonObject(
            item.OrderBy(field => like.IndexOf(field.Key) is >= 0 and var at ? at : int.MaxValue)
                .Select(field => KeyValuePair.Create(field.Key, InOrderOf(field.Value, like[field.Key])))),
        (JsonArray list, JsonArray like) when list.Count == like.Count => new JsonArray([.. list.Zip(like, InOrderOf)]),
        _ => json?.DeepClone(),
    };

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<FieldDifference> found)
    {
        if (before is JsonObject old && after is JsonObject now)
        {
            foreach (var name in old.Select(field => field.Key).Union(now.Select(field => field.Key), StringComparer.Ordinal))
            {
                Compare(path.Length == 0 ? name : $"{path}.{name}", old[name], now[name], found);
            }
        }
        else if (before is JsonArray oldItems && after is JsonArray items && oldItems.Count == items.Count)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Compare($"{path}[{i}]", oldItems[i], items[i], found);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            found.Add(new(path, before?.ToJsonString(), after?.ToJsonString()));
        }
    }

    private static string Yaml(JsonObject? json) => json is null ? "" : ManifestWriter.ToYaml(json);

    /// <summary>A unified diff with three lines around each change.</summary>
    private static string Unify(string before, string after)
    {
        var lines = InlineDiffBuilder.Diff(before.TrimEnd('\n'), after.TrimEnd('\n')).Lines;
        var near = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Type != ChangeType.Unchanged)
            {
                Array.Fill(near, true, Math.Max(0, i - LinesAround), Math.Min(lines.Count, i + LinesAround + 1) - Math.Max(0, i - LinesAround));
            }
        }

        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (near[i])
            {
                var mark = lines[i].Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' };
                text.Append(mark).Append(lines[i].Text).Append('\n');
            }
            else if (i > 0 && near[i - 1])
            {
                text.Append("…\n");
            }
        }

        return text.ToString();
    }
}
