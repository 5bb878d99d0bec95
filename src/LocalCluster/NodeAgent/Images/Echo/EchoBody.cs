using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>What an echo service answers with: the request as it came, and who answers. Names are those of the Gateway API's echo-basic; node, zone, image and version are ours.</summary>
internal static class EchoBody
{
    /// <summary>A caller has headers set in the answer by this one: <c>name:value</c>, several with commas.</summary>
    private const string SetHeader = "X-Echo-Set-Header";

    /// <summary>Path and query as they came.</summary>
    public static string Target(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    public static async Task WriteAsync(HttpContext context, EchoInstance instance)
    {
        var (request, response, setup) = (context.Request, context.Response, instance.Setup);
        SetAskedHeaders(request, response);
        response.ContentType = "application/json";
        response.Headers.XContentTypeOptions = "nosniff";
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("path", Target(context));
        json.WriteString("host", request.Host.Value);
        json.WriteString("method", request.Method);
        json.WriteString("proto", HttpProtocol.IsHttp2(request.Protocol) ? "HTTP/2.0" : request.Protocol);
        WriteHeaders(json, request.Headers);
        json.WriteString("httpPort", context.Connection.LocalPort.ToString(CultureInfo.InvariantCulture));
        json.WriteString("namespace", setup.Pod.Metadata.Namespace);
        json.WriteString("ingress", setup.Environment.GetValueOrDefault("INGRESS_NAME", ""));
        json.WriteString("service", setup.Environment.GetValueOrDefault("SERVICE_NAME", ""));
        json.WriteString("pod", setup.Pod.Metadata.Name);
        json.WriteString("node", setup.Pod.Spec.NodeName);
        json.WriteString("zone", setup.Zone);
        json.WriteString("image", setup.Image);
        json.WriteString("version", instance.Version);
        json.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter json, IHeaderDictionary headers)
    {
        json.WriteStartObject("headers");
        foreach (var (name, values) in headers)
        {
            if (name is "Host" || name.StartsWith(':'))
            {
                continue; // they are the method, the path and the host
            }

            json.WriteStartArray(Canonical(name));
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The first letter of each word in upper case, the others in lower case, as Go writes them.</summary>
    private static string Canonical(string name) => string.Join('-', name.Split('-').Select(word => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));

    private static void SetAskedHeaders(HttpRequest request, HttpResponse response)
    {
        foreach (var asked in request.Headers[SetHeader].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var (name, value) = asked.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (asked[..colon], asked[(colon + 1)..].Trim()) : (asked, "");
            response.Headers[name] = response.Headers.TryGetValue(name, out var before) ? $"{before},{value}" : value;
        }
    }
}
