using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Onboarding.Existing;

/// <summary>A Secret without its secrets.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="Keys">Names of its entries, in order, each with the field that holds it (<c>data</c> or <c>stringData</c>).</param>
internal sealed record SecretKeys(ObjectKey Key, IReadOnlyList<(string Field, string Name)> Keys)
{
    private static readonly string[] Fields = ["data", "stringData"];

    /// <summary>Reads the names and removes the values from the object, wherever it repeats them.</summary>
    public static SecretKeys Take(ObjectKey key, JsonObject secret)
    {
        var keys = new List<(string, string)>();
        foreach (var field in Fields)
        {
            keys.AddRange((secret[field] as JsonObject ?? []).Select(entry => (field, entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal));
            secret.Remove(field);
        }

        (secret["metadata"] as JsonObject)?.Remove("annotations"); // kubectl's last-applied-configuration is the whole object once more
        return new(key, keys);
    }

    /// <summary>Reads the names from a list of Secrets in place: no value is copied out of the bytes, so wiping them leaves nothing behind.</summary>
    public static IReadOnlyList<SecretKeys> ReadList(ReadOnlyMemory<byte> list)
    {
        using var document = JsonDocument.Parse(list);
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item =>
        {
            var metadata = item.GetProperty("metadata");
            var key = new ObjectKey(metadata.GetProperty("namespace").GetString() ?? "", metadata.GetProperty("name").GetString() ?? "");
            var names = item.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? data.EnumerateObject().Select(entry => entry.Name) : [];
            return new SecretKeys(key, [.. names.Order(StringComparer.Ordinal).Select(name => ("data", name))]);
        })];
    }
}
