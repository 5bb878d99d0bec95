using System.Globalization;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Storage;

/// <summary>What the store itself must know of an object, read from the JSON without building a tree.</summary>
/// <param name="Key">Namespace and name.</param>
/// <param name="Uid">Unique over all time.</param>
/// <param name="ResourceVersion">0 for an object that was never committed.</param>
/// <param name="OwnerUids">Uids of <c>metadata.ownerReferences</c>.</param>
/// <param name="ResourceVersionSlot">Where the digits of the resource version stand in the JSON.</param>
internal sealed record ObjectHeader(
    ObjectKey Key, string Uid, long ResourceVersion, IReadOnlyList<string> OwnerUids, Range ResourceVersionSlot)
{
    /// <summary>Reads <c>metadata</c> and stops where it ends.</summary>
    /// <exception cref="JsonException">There is no metadata, or it lacks name, uid or resourceVersion.</exception>
    public static ObjectHeader Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata)
            {
                return ReadMetadata(ref reader);
            }

            reader.Skip();
        }

        throw new JsonException("the object has no metadata");
    }

    private static ObjectHeader ReadMetadata(ref Utf8JsonReader reader)
    {
        string? name = null, uid = null;
        var ns = "";
        long? resourceVersion = null;
        Range slot = default;
        IReadOnlyList<string> owners = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                name = ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                ns = ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                uid = ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("resourceVersion"u8))
            {
                resourceVersion = long.Parse(ReadString(ref reader), NumberStyles.None, CultureInfo.InvariantCulture);
                var start = (int)reader.TokenStartIndex + 1;
                slot = start..(start + reader.ValueSpan.Length);
            }
            else if (reader.ValueTextEquals("ownerReferences"u8))
            {
                owners = ReadOwners(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return name is null || uid is null || resourceVersion is null
            ? throw new JsonException("metadata lacks name, uid or resourceVersion")
            : new ObjectHeader(new ObjectKey(ns, name), uid, resourceVersion.Value, owners, slot);
    }

    private static string ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString() ?? throw new JsonException("metadata has a null where text is needed");
    }

    private static List<string> ReadOwners(ref Utf8JsonReader reader)
    {
        var owners = new List<string>(1);
        reader.Read();
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("uid"u8))
            {
                owners.Add(ReadString(ref reader));
            }
        }

        return owners;
    }
}
