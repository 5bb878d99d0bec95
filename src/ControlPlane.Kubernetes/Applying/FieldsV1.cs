using System.Text.Json;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Reads the field sets of <c>metadata.managedFields</c> (FieldsV1): a tree whose steps are those of <see cref="FieldPath"/>, where <c>{}</c>
/// is a leaf that owns all below it and <c>"."</c> owns the item or map itself.
/// </summary>
internal static class FieldsV1
{
    /// <summary>True when the set owns the field, a value that holds it, or a part of it.</summary>
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

    private static bool IsLeaf(JsonElement fields) => !fields.EnumerateObject().MoveNext();
}
