using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>Turns what a manager owns by update into what it owns by apply. The method is that of client-go's csaupgrade.</summary>
internal static class ManagedFieldsUpgrade
{
    /// <summary>
    /// A JSON patch for the object, guarded by its resourceVersion; null when the manager's update entry holds nothing beyond its apply entry.
    /// </summary>
    /// <param name="stored">The object as the server returned it, with <c>managedFields</c>.</param>
    /// <param name="manager">The field manager.</param>
    /// <param name="ignored">Fields that may stay owned by update.</param>
    public static byte[]? Patch(ReadOnlySpan<byte> stored, string manager, IReadOnlyCollection<FieldPath> ignored)
    {
        var metadata = JsonNode.Parse(stored)?["metadata"];
        if (metadata?["managedFields"] is not JsonArray entries
            || Entry(entries, manager, "Update") is not { } update
            || Entry(entries, manager, "Apply") is not { } apply)
        {
            return null;
        }

        if (!FieldsV1.HasMore(Fields(update), Fields(apply), ignored))
        {
            return null;
        }

        foreach (var field in ignored)
        {
            Remove(update["fieldsV1"]!.AsObject(), [.. field.Steps]);
        }

        Merge(apply["fieldsV1"]!.AsObject(), update["fieldsV1"]!.AsObject());
        entries.Remove(update);
        JsonArray patch =
        [
            new JsonObject { ["op"] = "replace", ["path"] = "/metadata/managedFields", ["value"] = entries.DeepClone() },
            new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = metadata["resourceVersion"]?.DeepClone() },
        ];
        return JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Options);
    }

    private static JsonObject? Entry(JsonArray entries, string manager, string operation) =>
        entries.OfType<JsonObject>().FirstOrDefault(entry =>
            (string?)entry["manager"] == manager
            && (string?)entry["operation"] == operation
            && entry["subresource"] is null
            && entry["fieldsV1"] is JsonObject);

    private static JsonElement Fields(JsonObject entry) => JsonSerializer.SerializeToElement(entry["fieldsV1"], KubeJson.Options);

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (step, below) in from)
        {
            if (into[step] is JsonObject known)
            {
                Merge(known, below!.AsObject());
            }
            else
            {
                into[step] = below!.DeepClone();
            }
        }
    }

    private static void Remove(JsonObject fields, ReadOnlySpan<string> steps)
    {
        if (steps.Length == 1)
        {
            fields.Remove(steps[0]);
        }
        else if (fields[steps[0]] is JsonObject below)
        {
            Remove(below, steps[1..]);
        }
    }
}
