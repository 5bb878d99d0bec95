using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>Answers for all echo services.</summary>
internal static class EchoResponder
{
    /// <summary>Answers <c>/health</c> and <c>/ready</c> with 200, <c>/metrics</c> as Prometheus reads it, and everything else with what was asked.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        var instance = context.Features.Get<EchoInstance>() ?? throw new InvalidOperationException("a connection that is no echo service's");
        var path = context.Request.Path;
        if (path == "/metrics")
        {
            return WriteMetricsAsync(context, instance);
        }

        var isProbe = path == "/health" || path == "/ready";
        if (isProbe)
        {
            return context.Response.WriteAsync("ok\n", context.RequestAborted);
        }

        instance.CountRequest();
        instance.Setup.Log($"{context.Request.Method} {path}{context.Request.QueryString} 200");
        return WriteEchoAsync(context, instance);
    }

    private static async Task WriteEchoAsync(HttpContext context, EchoInstance instance)
    {
        var (request, pod) = (context.Request, instance.Setup.Pod);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("pod", pod.Metadata.Name);
        json.WriteString("namespace", pod.Metadata.Namespace);
        json.WriteString("node", pod.Spec.NodeName);
        json.WriteString("zone", instance.Setup.Zone);
        json.WriteString("image", instance.Setup.Image);
        json.WriteString("version", instance.Version);
        json.WriteString("method", request.Method);
        json.WriteString("path", request.Path.Value);
        json.WriteString("query", request.QueryString.Value);
        json.WriteStartObject("headers");
        foreach (var (name, value) in request.Headers)
        {
            json.WriteString(name, value.ToString());
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Task WriteMetricsAsync(HttpContext context, EchoInstance instance)
    {
        var text = new StringBuilder();
        text.AppendLine("# HELP echo_requests_total Requests answered by this echo service.");
        text.AppendLine("# TYPE echo_requests_total counter");
        text.AppendLine(CultureInfo.InvariantCulture, $"echo_requests_total{{version=\"{instance.Version}\"}} {instance.Requests}");
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}
