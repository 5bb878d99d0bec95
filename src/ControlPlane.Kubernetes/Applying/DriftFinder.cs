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
        foreach (var field in desired.EnumerateObject().Where(field => !IsIdentity(field.Name)))
        {
            CompareField(field, live, FieldPath.Root, ref found);
        }

        return found ?? (IReadOnlyList<FieldPath>)[];
    }

    /// <summary>An API server leaves these out of the items of a list, so a live object may not have them.</summary>
    private static bool IsIdentity(string field) => field is "apiVersion" or "kind";

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
        foreach (var field in desired.EnumerateObject())
        {
            CompareField(field, live, path, ref found);
        }

        if (IsOneValue(path.FieldName) && live.EnumerateObject().Any(field => !desired.TryGetProperty(field.Name, out _) && !IsNothing(field.Value)))
        {
            (found ??= []).Add(path);
        }
    }

    /// <summary>
    /// Maps that the API takes as one value (<c>+structType=atomic</c> and <c>+mapType=atomic</c> of its types): nobody can own a label of a
    /// selector beside ours, and one that is added finds other pods.
    /// </summary>
    private static bool IsOneValue(string field) =>
        field is "selector" or "matchLabels" or "podSelector" or "namespaceSelector" or "labelSelector" or "nodeSelector";

    private static void CompareField(JsonProperty desired, JsonElement live, FieldPath holder, ref List<FieldPath>? found)
    {
        if (live.TryGetProperty(desired.Name, out var value))
        {
            Compare(desired.Value, value, holder.Field(desired.Name), ref found);
        }
        else if (!IsNothing(desired.Value))
        {
            (found ??= []).Add(holder.Field(desired.Name));
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
