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
    /// <exception cref="JsonException">Not a JSON object.</exception>
    public static ObjectHeader Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata && reader.TokenType == JsonTokenType.StartObject)
            {
                return ReadMetadata(ref reader);
            }

            reader.Skip();
        }

        return default;
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
                reader.Read();
                name = reader.GetString() ?? "";
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                reader.Read();
                ns = reader.GetString() ?? "";
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                reader.Read();
                uid = reader.GetString();
            }
            else if (reader.ValueTextEquals("resourceVersion"u8))
            {
                reader.Read();
                resourceVersion = reader.GetString();
            }
            else if (reader.ValueTextEquals("generation"u8))
            {
                reader.Read();
                generation = reader.GetInt64();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new(new ObjectKey(ns, name), uid, resourceVersion, generation);
    }
}
