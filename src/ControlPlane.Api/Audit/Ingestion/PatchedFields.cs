using System.Text.Json.Nodes;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>Which fields a patch changes: their paths, never their values.</summary>
internal static class PatchedFields
{
    /// <summary>The paths of a merge patch, a strategic merge patch, an apply or a JSON patch.</summary>
    public static IEnumerable<string> Of(JsonNode? patch) => patch switch
    {
        JsonArray operations => operations.Select(operation => (operation as JsonObject)?["path"]?.ToString()).OfType<string>(),
        JsonObject fields => Leaves("", fields),
        _ => [],
    };

    private static IEnumerable<string> Leaves(string path, JsonObject fields) => fields.SelectMany(field =>
        (path, field.Key) is ("", "apiVersion" or "kind") ? []
        : field.Value is JsonObject { Count: > 0 } inner ? Leaves($"{path}{field.Key}.", inner)
        : [$"{path}{field.Key}"]);
}
