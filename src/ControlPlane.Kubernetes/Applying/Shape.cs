using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// Which fields a declaration has, whatever their values. Two declarations of one shape own the same fields, so that going from one to the other
/// gives up none. In lists whose items have keys the keys are part of the shape; any other list is one value.
/// </summary>
internal static class Shape
{
    /// <summary>A short hash of the shape.</summary>
    public static string Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddObject(document.RootElement, "", hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static void AddObject(JsonElement value, string name, IncrementalHash hash)
    {
        Add("{"u8, hash);
        foreach (var field in value.EnumerateObject())
        {
            Add(JsonSerializer.SerializeToUtf8Bytes(field.Name, KubeJson.Options), hash);
            Add(field.Value, name, field.Name, hash);
        }

        Add("}"u8, hash);
    }

    private static void Add(JsonElement value, string parent, string name, IncrementalHash hash)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            AddObject(value, name, hash);
        }
        else if (value.ValueKind == JsonValueKind.Array && ListKeys.Of(parent, name) is { } keys)
        {
            foreach (var item in value.EnumerateArray())
            {
                foreach (var (key, id) in ListKeys.ValuesIn(item, keys))
                {
                    Add(Encoding.UTF8.GetBytes($"[{key}={id.GetRawText()}]"), hash);
                }

                AddObject(item, name, hash);
            }
        }
    }

    private static void Add(ReadOnlySpan<byte> text, IncrementalHash hash) => hash.AppendData(text);
}
