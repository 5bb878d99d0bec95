using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Schemas;
using Microsoft.AspNetCore.Http;

using LocalCluster.Errors;

namespace LocalCluster.Api;

/// <summary>Reads the bodies of requests.</summary>
internal static class RequestBody
{
    /// <summary>Bytes that a body may have, as in Kubernetes.</summary>
    public const int Limit = 3 * 1024 * 1024;

    private static readonly string[] ObjectTypes = ["application/json", "application/yaml"];

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="StatusException">413: it is too large.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit)
        {
            throw StatusErrors.TooLarge(Limit);
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 0));
        var chunk = new byte[16 * 1024];
        while (await request.Body.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            if (buffer.Length + read > Limit)
            {
                throw StatusErrors.TooLarge(Limit);
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    /// <summary>The media type of a body, without parameters.</summary>
    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';', 2)[0].Trim();

    /// <summary>Reads a body that is one object, in JSON or YAML.</summary>
    /// <exception cref="StatusException">415: another media type; 400: malformed; 413: too large.</exception>
    public static async Task<(JsonObject Object, IReadOnlyList<string> Duplicates)> ReadObjectAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, cancellationToken);
        return MediaType(request) switch
        {
            "" or "application/json" => ParseJson(body),
            "application/yaml" => ParseYaml(body),
            _ => throw StatusErrors.UnsupportedMediaType(ObjectTypes),
        };
    }

    /// <summary>Reads one JSON object.</summary>
    /// <exception cref="StatusException">400: malformed.</exception>
    public static (JsonObject Object, IReadOnlyList<string> Duplicates) ParseJson(byte[] body)
    {
        try
        {
            var node = StrictJson.Read(body, out var duplicates);
            return (AsObject(node), duplicates);
        }
        catch (JsonException e)
        {
            throw StatusErrors.BadRequest($"couldn't get version/kind; json parse error: {e.Message}");
        }
    }

    /// <summary>Reads one YAML document.</summary>
    /// <exception cref="StatusException">400: malformed.</exception>
    public static (JsonObject Object, IReadOnlyList<string> Duplicates) ParseYaml(byte[] body)
    {
        try
        {
            return (AsObject(YamlReader.Read(body)), []);
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw StatusErrors.BadRequest($"error decoding YAML: line {e.Start.Line}: {e.Message}");
        }
    }

    private static JsonObject AsObject(JsonNode? node) =>
        node as JsonObject ?? throw StatusErrors.BadRequest("the body of the request is not an object");
}
