using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Turns what a manager owns by update into what it owns by apply, so that the next apply removes the fields that it leaves out; the idea is
/// that of client-go's csaupgrade. An object that we created by POST needs it before the first apply that leaves a field out. Without it such
/// fields would stay for ever.
/// </summary>
internal static class ManagedFieldsUpgrade
{
    /// <summary>A JSON patch that makes one apply entry of a manager's entries, and fails if the object has changed since it was read.</summary>
    /// <param name="metadata">The object's metadata as just read.</param>
    /// <param name="manager">Whose entries.</param>
    /// <param name="released">A field to be nobody's from now on, which leaves its value alone; null for none.</param>
    /// <returns>Null when the manager has no entry: somebody reset the record, or another object has the name by now.</returns>
    public static byte[]? Patch(JsonObject metadata, string manager, FieldPath? released)
    {
        JsonArray entries = [.. (metadata["managedFields"]?.AsArray() ?? []).Select(entry => entry!.DeepClone())];
        var ours = entries.Where(entry => IsOf(manager, entry!)).Select(entry => entry!.AsObject()).ToList();
        if (ours.Count == 0)
        {
            return null;
        }

        var applied = ours[0];
        applied["operation"] = "Apply";
        foreach (var other in ours.Skip(1))
        {
            AddAll(other["fieldsV1"]!.AsObject(), applied["fieldsV1"]!.AsObject());
            entries.Remove(other);
        }

        if (released is not null)
        {
            Remove(released, applied["fieldsV1"]!.AsObject());
        }

        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonArray(
                Operation("test", "/metadata/resourceVersion", metadata["resourceVersion"]!.DeepClone()),
                Operation("replace", "/metadata/managedFields", entries)),
            KubeJson.Options);
    }

    private static bool IsOf(string manager, JsonNode entry) => (string?)entry["manager"] == manager && entry["subresource"] is null;

    private static void AddAll(JsonObject from, JsonObject to)
    {
        foreach (var (step, below) in from)
        {
            if (to[step] is JsonObject known)
            {
                AddAll(below!.AsObject(), known);
            }
            else
            {
                to[step] = below!.DeepClone();
            }
        }
    }

    private static void Remove(FieldPath path, JsonObject fields)
    {
        var holder = path.Steps.SkipLast(1).Aggregate((JsonNode?)fields, static (at, step) => at?[step]);
        holder?.AsObject().Remove(path.Steps.Last());
    }

    private static JsonObject Operation(string op, string path, JsonNode value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
