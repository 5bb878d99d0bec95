using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Identity and version of an object, read from its JSON without decoding the rest.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="Uid">Uid.</param>
/// <param name="ResourceVersion">Stored version.</param>
/// <param name="Generation">Generation of the desired state.</param>
public readonly record struct ObjectHeader(ObjectKey Key, string? Uid, string? ResourceVersion, long Generation)
{
    /// <summary>Reads the header. Fields that are absent stay null or zero.</summary>
    /// <exception cref="JsonException">Not a JSON object, or a field of the header has the wrong type.</exception>
    public static ObjectHeader Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.ReadStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.ReadStartObject();
                return ReadMetadata(ref reader);
            }

            reader.SkipValue();
        }

        return new(new ObjectKey("", ""), Uid: null, ResourceVersion: null, Generation: 0);
    }

    private static ObjectHeader ReadMetadata(ref Utf8JsonReader reader)
    {
        string name = "", ns = "";
        string? uid = null, resourceVersion = null;
        long generation = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                name = reader.ReadString() ?? "";
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                ns = reader.ReadString() ?? "";
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                uid = reader.ReadString();
            }
            else if (reader.ValueTextEquals("resourceVersion"u8))
            {
                resourceVersion = reader.ReadString();
            }
            else if (reader.ValueTextEquals("generation"u8))
            {
                generation = reader.ReadInt64();
            }
            else
            {
                reader.SkipValue();
            }
        }

        return new(new ObjectKey(ns, name), uid, resourceVersion, generation);
    }
}
