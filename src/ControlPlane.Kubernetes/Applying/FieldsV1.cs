using System.Text.Json;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Reads the field sets of <c>metadata.managedFields</c> (FieldsV1): a tree whose steps are those of <see cref="FieldPath"/>, where <c>{}</c>
/// is a leaf that owns all below it and <c>"."</c> owns the item or map itself.
/// </summary>
internal static class FieldsV1
{
    /// <summary>True when the set owns the field, or a value that holds it.</summary>
    public static bool Owns(JsonElement fields, FieldPath path)
    {
        var at = fields;
        foreach (var step in path.Steps)
        {
            if (!at.TryGetProperty(step, out at))
            {
                return false;
            }

            if (IsLeaf(at))
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>True when the first set owns a field that the second does not, other than those that <paramref name="ignored"/> names.</summary>
    public static bool HasMore(JsonElement first, JsonElement second, IReadOnlyCollection<FieldPath> ignored) =>
        HasMore(first, second, FieldPath.Root, ignored.Select(path => path.ToString()).ToHashSet(StringComparer.Ordinal));

    private static bool HasMore(JsonElement first, JsonElement? second, FieldPath at, HashSet<string> ignored)
    {
        foreach (var entry in first.EnumerateObject())
        {
            if (entry.Name == ".")
            {
                continue;
            }

            var path = at.Then(entry.Name);
            if (ignored.Contains(path.ToString()))
            {
                continue;
            }

            JsonElement? other = second is { } s && s.TryGetProperty(entry.Name, out var found) ? found : null;
            if (IsLeaf(entry.Value) ? other is null : HasMore(entry.Value, other, path, ignored))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLeaf(JsonElement fields) => !fields.EnumerateObject().MoveNext();
}
