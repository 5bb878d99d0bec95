using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Makes one manager the only owner of an object's <c>spec</c>. Server-side apply removes a field only when nobody else owns it, so whoever is
/// to leave out what others declared must own it first. What others own of <c>metadata</c> and <c>status</c> stays theirs.
/// </summary>
public static class SpecClaim
{
    private const string Spec = "f:spec";

    /// <summary>A JSON patch that claims the spec and changes no value; null when the manager has it alone already.</summary>
    /// <param name="stored">The object as the API serves it. The patch fails if it was changed since.</param>
    /// <param name="manager">Field manager that is to own the spec by apply.</param>
    public static byte[]? Patch(JsonObject stored, string manager)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var entries = (stored["metadata"]?["managedFields"]?.DeepClone() as JsonArray ?? []).OfType<JsonObject>().ToList();
        var own = entries.Find(entry => IsApplyOf(entry, manager));
        var others = entries.Where(entry => entry != own && Fields(entry).ContainsKey(Spec)).ToList();
        if (own is not null && others.Count == 0)
        {
            return null;
        }

        var claimed = own ?? new JsonObject
        {
            ["manager"] = manager,
            ["operation"] = "Apply",
            ["apiVersion"] = stored["apiVersion"]?.DeepClone(),
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = new JsonObject(),
        };
        foreach (var other in others)
        {
            Fields(other).Remove(Spec, out var spec);
            Merge(Fields(claimed), new JsonObject { [Spec] = spec });
        }

        JsonArray patch =
        [
            Operation("test", "/metadata/resourceVersion", stored["metadata"]?["resourceVersion"]?.DeepClone()),
            Operation(
                "replace",
                "/metadata/managedFields",
                new JsonArray([.. entries.Where(entry => entry != own && Fields(entry).Count > 0).Append(claimed).Select(entry => entry.DeepClone())])),
        ];
        return JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Options);
    }

    private static bool IsApplyOf(JsonObject entry, string manager) =>
        (string?)entry["manager"] == manager && (string?)entry["operation"] == "Apply" && (string?)entry["subresource"] is null or "";

    private static JsonObject Fields(JsonObject entry) => entry["fieldsV1"] as JsonObject ?? [];

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (step, below) in from)
        {
            if (into[step] is JsonObject there && below is JsonObject more)
            {
                Merge(there, more);
            }
            else
            {
                into[step] = below?.DeepClone();
            }
        }
    }

    private static JsonObject Operation(string op, string path, JsonNode? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
