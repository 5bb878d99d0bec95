using System.Text.Json;
using k8s.Models;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Finds the declared fields that are not so in the live object. What is declared must be there; what is not declared is nobody's business
/// here: defaults, status, and the fields and list items of others.
/// </summary>
internal static class DriftFinder
{
    /// <summary>Longest list of paths worth having: after so many, people read the diff.</summary>
    private const int Enough = 20;

    /// <summary>Paths of the declared fields that are missing or have another value; empty when all is as declared.</summary>
    public static IReadOnlyList<FieldPath> Find(JsonElement desired, JsonElement live)
    {
        List<FieldPath>? found = null;
        Compare(desired, live, FieldPath.Root, ref found);
        return found ?? (IReadOnlyList<FieldPath>)[];
    }

    private static void Compare(JsonElement desired, JsonElement live, FieldPath path, ref List<FieldPath>? found)
    {
        if (found?.Count >= Enough)
        {
            return;
        }

        switch (desired.ValueKind)
        {
            case JsonValueKind.Object when live.ValueKind == JsonValueKind.Object:
                CompareObjects(desired, live, path, ref found);
                break;
            case JsonValueKind.Array when live.ValueKind == JsonValueKind.Array:
                CompareLists(desired, live, path, ref found);
                break;
            case JsonValueKind.Null:
                break;
            default:
                if (!SameScalar(desired, live, path))
                {
                    (found ??= []).Add(path);
                }

                break;
        }
    }

    private static void CompareObjects(JsonElement desired, JsonElement live, FieldPath path, ref List<FieldPath>? found)
    {
        foreach (var property in desired.EnumerateObject())
        {
            if (ReferenceEquals(path, FieldPath.Root) && property.Name is ("apiVersion" or "kind"))
            {
                continue; // a real API server leaves them out of the items of a list; both sides are of one kind anyway
            }

            if (live.TryGetProperty(property.Name, out var value))
            {
                Compare(property.Value, value, path.Field(property.Name), ref found);
            }
            else if (!IsNothing(property.Value))
            {
                (found ??= []).Add(path.Field(property.Name));
            }
        }
    }

    private static void CompareLists(JsonElement desired, JsonElement live, FieldPath path, ref List<FieldPath>? found)
    {
        if (ListKeys.Of(path.ParentFieldName, path.FieldName) is { } keys)
        {
            foreach (var item in desired.EnumerateArray())
            {
                var itemPath = path.Item(ListKeys.ValuesIn(item, keys));
                if (TryFindItem(live, item, keys, out var match))
                {
                    Compare(item, match, itemPath, ref found);
                }
                else
                {
                    (found ??= []).Add(itemPath);
                }
            }

            return;
        }

        if (desired.GetArrayLength() != live.GetArrayLength())
        {
            (found ??= []).Add(path);
            return;
        }

        for (var i = 0; i < desired.GetArrayLength(); i++)
        {
            Compare(desired[i], live[i], path.Item(i), ref found);
        }
    }

    private static bool TryFindItem(JsonElement live, JsonElement item, string[] keys, out JsonElement match)
    {
        foreach (var candidate in live.EnumerateArray())
        {
            if (ListKeys.ValuesIn(item, keys).All(wanted =>
                ListKeys.ValuesIn(candidate, keys).Any(has => has.Name == wanted.Name && JsonElement.DeepEquals(has.Value, wanted.Value))))
            {
                match = candidate;
                return true;
            }
        }

        match = default;
        return false;
    }

    /// <summary>The server does not store nulls and empty lists.</summary>
    private static bool IsNothing(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    private static bool SameScalar(JsonElement desired, JsonElement live, FieldPath path)
    {
        if (desired.ValueKind == live.ValueKind && JsonElement.DeepEquals(desired, live))
        {
            return true;
        }

        // The server writes quantities in their canonical form: 1000m as 1, 1024Mi as 1Gi.
        return path.ParentFieldName is "requests" or "limits" or "hard" or "emptyDir"
            && desired.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && live.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && SameQuantity(desired.ToString(), live.ToString());
    }

    private static bool SameQuantity(string a, string b)
    {
        try
        {
            return new ResourceQuantity(a).ToDecimal() == new ResourceQuantity(b).ToDecimal();
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
