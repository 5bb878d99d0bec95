using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Turns what a manager owns by update into what it owns by apply, so that the next apply removes the fields that it leaves out; the idea is
/// that of client-go's csaupgrade. An object that we created by POST needs it once. Without it such fields would stay for ever, and there are
/// always some: the server records its defaults as ours.
/// </summary>
internal static class ManagedFieldsUpgrade
{
    /// <summary>A JSON patch that turns one entry, and fails if the entry is no longer at its place.</summary>
    /// <param name="entry">Position of the entry in <c>managedFields</c>.</param>
    /// <param name="manager">Its manager.</param>
    /// <param name="released">A field of the entry to be nobody's from now on, which leaves its value alone; null for none.</param>
    public static byte[] Patch(int entry, string manager, FieldPath? released)
    {
        var path = $"/metadata/managedFields/{entry}";
        JsonArray patch =
        [
            Operation("test", $"{path}/manager", manager),
            Operation("test", $"{path}/operation", "Update"),
            Operation("replace", $"{path}/operation", "Apply"),
        ];
        if (released is not null)
        {
            patch.Add(new JsonObject { ["op"] = "remove", ["path"] = $"{path}/fieldsV1/{string.Join('/', released.Steps.Select(Escape))}" });
        }

        return JsonSerializer.SerializeToUtf8Bytes(patch, KubeJson.Options);
    }

    private static JsonObject Operation(string op, string path, string value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };

    /// <summary>RFC 6901.</summary>
    private static string Escape(string step) => step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
