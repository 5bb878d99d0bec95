using System.Collections.Frozen;
using System.Text.Json;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Which lists of the kinds that we own have items with a name of their own (<c>x-kubernetes-list-type: map</c>): there, others may have items
/// beside ours. All other lists are one value. Source: <c>+listMapKey</c> of the Kubernetes API types.
/// </summary>
internal static class ListKeys
{
    private static readonly FrozenDictionary<string, string[]> ByParentAndField = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["metadata/ownerReferences"] = ["uid"],
        ["spec/containers"] = ["name"],
        ["spec/initContainers"] = ["name"],
        ["spec/volumes"] = ["name"],
        ["spec/imagePullSecrets"] = ["name"],
        ["spec/topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
        ["spec/ports"] = ["port", "protocol"],
        ["containers/ports"] = ["containerPort", "protocol"],
        ["containers/env"] = ["name"],
        ["containers/volumeMounts"] = ["mountPath"],
        ["initContainers/ports"] = ["containerPort", "protocol"],
        ["initContainers/env"] = ["name"],
        ["initContainers/volumeMounts"] = ["mountPath"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly JsonElement Tcp = JsonElement.Parse("\"TCP\"");

    /// <summary>The keys of a list's items; null when the list is one value.</summary>
    public static string[]? Of(string parentField, string field) => ByParentAndField.GetValueOrDefault($"{parentField}/{field}");

    /// <summary>The keys by which an item is known, with the API's default for one that it leaves out.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> ValuesIn(JsonElement item, string[] keys)
    {
        foreach (var key in keys)
        {
            if (item.TryGetProperty(key, out var value))
            {
                yield return (key, value);
            }
            else if (key == "protocol")
            {
                yield return (key, Tcp);
            }
        }
    }
}
