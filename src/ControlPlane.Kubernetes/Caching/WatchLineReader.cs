using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Reads one line of a watch stream: <c>{"type":"ADDED","object":{…}}</c>.</summary>
internal static class WatchLineReader
{
    /// <summary>Decodes a line in one pass over its bytes.</summary>
    /// <exception cref="WatchExpiredException">An ERROR event with code 410 or reason Expired/Gone.</exception>
    /// <exception cref="WatchFailedException">Any other ERROR event.</exception>
    /// <exception cref="JsonException">The line is no watch event.</exception>
    public static WatchEvent<T> Read<T>(ReadOnlySpan<byte> line, IObjectDecoder<T> decoder)
        where T : class, IKubeObject
    {
        switch (Split(line, out var json))
        {
            case "ADDED":
                return Decode(WatchEventType.Added, json, decoder);
            case "MODIFIED":
                return Decode(WatchEventType.Modified, json, decoder);
            case "DELETED":
                return Decode(WatchEventType.Deleted, json, decoder);
            case "BOOKMARK":
                return new(WatchEventType.Bookmark, null, default, ObjectHeader.Read(json).ResourceVersion ?? "");
            case "ERROR":
                var body = JsonSerializer.Deserialize<KubeApiException.StatusBody>(json, KubeJson.Options) ?? new();
                var status = KubeApiException.FromStatus(body, HttpStatusCode.InternalServerError);
                throw status.IsExpired ? new WatchExpiredException(status.Message) : new WatchFailedException(status);
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
            // One bad object must not end the watch of all the others.
            var header = ObjectHeader.Read(json);
            return new(WatchEventType.Undecodable, null, header.Key, header.ResourceVersion ?? "", e.Message);
        }
    }

    /// <summary>Finds type and object without tokenising the object: servers write it last, so it ends where the line does.</summary>
    private static string Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(line);
        string? type = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a watch line must be an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = reader.GetString();
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
                reader.Read();
                reader.Skip();
            }
        }

        throw new JsonException("a watch line must have type and object, in that order");
    }
}
