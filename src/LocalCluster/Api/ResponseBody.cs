using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>Writes answers.</summary>
internal static class ResponseBody
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>Writes a tree as JSON.</summary>
    public static Task WriteAsync(HttpContext http, int code, JsonObject body) =>
        WriteAsync(http, code, "application/json", JsonSerializer.SerializeToUtf8Bytes(body, WantsPretty(http) ? Indented : Compact));

    /// <summary>Writes what is JSON already, in the way that the client asked for.</summary>
    public static Task WriteAsync(HttpContext http, Representation representation, int code, byte[] json) =>
        representation.Yaml ? WriteAsync(http, code, "application/yaml", Encoding.UTF8.GetBytes(YamlWriter.Write(JsonNode.Parse(json))))
        : WantsPretty(http) ? WriteAsync(http, code, JsonNode.Parse(json)!.AsObject())
        : WriteAsync(http, code, "application/json", json);

    /// <summary>Writes JSON that may be long, as it is made.</summary>
    public static async Task WriteAsync(HttpContext http, Representation representation, Action<IBufferWriter<byte>> write)
    {
        if (representation.Yaml || WantsPretty(http))
        {
            var buffer = new ArrayBufferWriter<byte>();
            write(buffer);
            await WriteAsync(http, representation, StatusCodes.Status200OK, buffer.WrittenSpan.ToArray());
            return;
        }

        http.Response.ContentType = "application/json";
        write(http.Response.BodyWriter);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>Writes bytes of a type.</summary>
    public static async Task WriteAsync(HttpContext http, int code, string contentType, byte[] body)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>True when the client asked for JSON that people can read.</summary>
    private static bool WantsPretty(HttpContext http) => http.Request.Query["pretty"].ToString() is "1" or "true";
}
