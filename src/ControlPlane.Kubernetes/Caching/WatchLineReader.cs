using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Reads one line of a watch stream: <c>{"type":"ADDED","object":{…}}</c>.</summary>
internal static class WatchLineReader
{
    /// <summary>Decodes a line in one pass over its bytes; null for a blank one.</summary>
    /// <exception cref="KubeApiException">An ERROR event: the server ends the watch, for the reason that its <c>Status</c> gives.</exception>
    /// <exception cref="JsonException">The line is no watch event.</exception>
    public static WatchEvent<T>? Read<T>(ReadOnlySpan<byte> line, IObjectDecoder<T> decoder)
        where T : class, IKubeObject
    {
        line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        if (line.Trim(" \t\r"u8).IsEmpty)
        {
            return null;
        }

        switch (Split(line, out var json))
        {
            case "ADDED":
                return Decode(WatchEventType.Added, json, decoder);
            case "MODIFIED":
                return Decode(WatchEventType.Modified, json, decoder);
            case "DELETED":
                return Decode(WatchEventType.Deleted, json, decoder);
            case "BOOKMARK":
                return new(WatchEventType.Bookmark, null, new("", ""), ObjectHeader.Read(json).ResourceVersion ?? "");
            case "ERROR":
                var status = JsonSerializer.Deserialize<KubeApiException.StatusBody>(json, KubeJson.Options) ?? new();
                throw KubeApiException.FromStatus(status, HttpStatusCode.InternalServerError);
            case var type:
                throw new JsonException($"unknown watch event type '{type}'");
        }
    }

    private static WatchEvent<T> Decode<T>(WatchEventType type, ReadOnlySpan<byte> json, IObjectDecoder<T> decoder)
        where T : class, IKubeObject
    {
        try
        {
            var item = decoder.Decode(json);
            return new(type, item, item.Metadata.Key, item.Metadata.ResourceVersion ?? "");
        }
        catch (JsonException e)
        {
            // One bad object must not end the watch of all the others; and one that is gone is gone, whatever it looked like.
            var header = ObjectHeader.Read(json);
            type = type == WatchEventType.Deleted ? type : WatchEventType.Undecodable;
            return new(type, null, header.Key, header.ResourceVersion ?? "", e.Message);
        }
    }

    /// <summary>Finds type and object without tokenising the object: servers write it last, so it ends where the line does.</summary>
    private static string Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(line);
        string? type = null;
        reader.ReadStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = reader.ReadString();
            }
            else if (reader.ValueTextEquals("object"u8) && type is not null)
            {
                var rest = line[(int)reader.BytesConsumed..];
                var start = rest.IndexOf((byte)'{');
                var end = rest.LastIndexOf((byte)'}');
                if (start < 0 || end <= start)
                {
                    throw new JsonException("a watch line without an object");
                }

                json = rest[start..end].TrimEnd(" \t\r\n"u8);
                return type;
            }
            else
            {
                reader.SkipValue();
            }
        }

        throw new JsonException("a watch line must have type and object, in that order");
    }
}
