using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>One page of a list.</summary>
/// <param name="Items">Decoded objects.</param>
/// <param name="Undecodable">Objects that did not fit the type, and why.</param>
/// <param name="ResourceVersion">Where a watch of the list can begin.</param>
/// <param name="Continue">Token of the next page; null on the last.</param>
internal sealed record ListPage<T>(
    IReadOnlyList<T> Items, IReadOnlyList<(ObjectKey Key, string Problem)> Undecodable, string ResourceVersion, string? Continue)
    where T : class, IKubeObject
{
    /// <summary>Decodes a list item by item, so that one bad object does not take the others with it.</summary>
    public static ListPage<T> Read(ReadOnlySpan<byte> json, IObjectDecoder<T> decoder)
    {
        var items = new List<T>();
        var undecodable = new List<(ObjectKey, string)>();
        string? resourceVersion = null, token = null;
        var reader = new Utf8JsonReader(json);
        reader.ReadStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.ReadStartObject();
                (resourceVersion, token) = ReadMetadata(ref reader);
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                reader.Read(); // to the array, or to the null that Go writes for an empty one
                while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadItem(json, ref reader, decoder, items, undecodable);
                }
            }
            else
            {
                reader.SkipValue();
            }
        }

        return new(items, undecodable, resourceVersion ?? throw new JsonException("a list without metadata.resourceVersion"), token);
    }

    private static void ReadItem(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, IObjectDecoder<T> decoder, List<T> items, List<(ObjectKey, string)> undecodable)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var item = json[start..(int)reader.BytesConsumed];
        try
        {
            items.Add(decoder.Decode(item));
        }
        catch (JsonException e)
        {
            undecodable.Add((ObjectHeader.Read(item).Key, e.Message));
        }
    }

    private static (string? ResourceVersion, string? Continue) ReadMetadata(ref Utf8JsonReader reader)
    {
        string? resourceVersion = null, token = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
            {
                resourceVersion = reader.ReadString();
            }
            else if (reader.ValueTextEquals("continue"u8))
            {
                token = reader.ReadString();
            }
            else
            {
                reader.SkipValue();
            }
        }

        return (resourceVersion, string.IsNullOrEmpty(token) ? null : token);
    }
}
