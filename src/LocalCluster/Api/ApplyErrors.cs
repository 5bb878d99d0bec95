using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Applying;
using LocalCluster.Errors;

namespace LocalCluster.Api;

/// <summary>What clients are told when a configuration can't be applied.</summary>
internal static class ApplyErrors
{
    /// <summary>409 with one cause per field.</summary>
    public static StatusException Conflict(ApplyConflictException conflict)
    {
        var causes = new JsonArray([
            .. conflict.Fields.Select(f => new JsonObject
            {
                ["reason"] = "FieldManagerConflict",
                ["message"] = $"conflict with {f.Owner}",
                ["field"] = f.Path,
            }),
        ]);
        return new StatusException(409, "Conflict", Message(conflict.Fields), new JsonObject { ["causes"] = causes });
    }

    /// <summary>500, as Kubernetes has it, for a configuration that is no object of its kind.</summary>
    public static StatusException BadConfig(ResourceType type, ObjectKey key, ApplyConfigException error)
    {
        var list = error.Errors.Count == 1 ? error.Errors[0] : "errors:\n" + string.Concat(error.Errors.Select(e => $"  {e}\n"));
        return new StatusException(
            500, "", $"failed to create typed patch object ({key.Namespace}/{key.Name}; {type.ApiVersion}, Kind={type.Kind}): {list}");
    }

    private static string Message(IReadOnlyList<(FieldWriter Owner, string Path)> fields)
    {
        if (fields.Count == 1)
        {
            return $"Apply failed with 1 conflict: conflict with {fields[0].Owner}: {fields[0].Path}";
        }

        var byOwner = fields.GroupBy(f => f.Owner.ToString()).OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => g.Select(f => $"- {f.Path}").Prepend($"conflicts with {g.Key}:"));
        return $"Apply failed with {fields.Count} conflicts: {string.Join("\n", byOwner)}";
    }
}
