using System.Globalization;
using System.Text;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.NodeAgent.Images.Echo;

/// <summary>
/// Answers for all echo services, as the Gateway API's echo-basic does: <c>/health</c>, <c>/status/503</c> with that status, <c>/ws</c> with the
/// messages of a WebSocket, <c>/retry/?uuid=x&amp;succeedAfter=2</c> with a broken connection (or <c>&amp;responseCode=503</c>) so many times first, anything else with what was asked, after <c>?delay=250ms</c> where that is asked for. Beside that <c>/ready</c>, and
/// <c>/metrics</c> as Prometheus reads it.
/// </summary>
/// <param name="time">Clock of the delays.</param>
internal sealed class EchoResponder(TimeProvider time)
{
    private const string Delay = "delay";

    public Task AnswerAsync(HttpContext context)
    {
        var instance = context.Features.Get<EchoInstance>() ?? throw new InvalidOperationException("a connection that is no echo service's");
        var path = context.Request.Path.Value ?? "/";
        return path switch
        {
            "/metrics" => WriteMetricsAsync(context, instance),
            "/health" or "/ready" => context.Response.WriteAsync("OK", context.RequestAborted),
            "/ws" when context.WebSockets.IsWebSocketRequest => EchoSocketFrames.AnswerAsync(context),
            _ when path.StartsWith("/status/", StringComparison.Ordinal) => AnswerStatusAsync(context, path["/status/".Length..]),
            _ when path.StartsWith("/retry/", StringComparison.Ordinal) => AnswerRetryAsync(context, instance),
            _ => EchoAsync(context, instance),
        };
    }

    private static Task AnswerStatusAsync(HttpContext context, string asked)
    {
        var isStatus = asked.Length == 3 && int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status >= 200;
        context.Response.StatusCode = isStatus ? int.Parse(asked, CultureInfo.InvariantCulture) : StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    private Task AnswerRetryAsync(HttpContext context, EchoInstance instance)
    {
        var query = context.Request.Query;
        var id = query["uuid"].ToString();
        if (id.Length == 0 || !int.TryParse(query["succeedAfter"], NumberStyles.None, CultureInfo.InvariantCulture, out var times))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("uuid and succeedAfter are required", context.RequestAborted);
        }

        if (!instance.FailingFirst.MustFail(id, times))
        {
            return EchoAsync(context, instance);
        }

        if (int.TryParse(query["responseCode"], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599)
        {
            context.Response.StatusCode = status;
        }
        else
        {
            context.Abort();
        }

        return Task.CompletedTask;
    }

    private async Task EchoAsync(HttpContext context, EchoInstance instance)
    {
        instance.CountRequest();
        instance.Setup.Log($"Echoing back request made to {EchoBody.Target(context)} to client ({context.Connection.RemoteIpAddress})");
        if (context.Request.Query.TryGetValue(Delay, out var asked) && asked.ToString() is { Length: > 0 } text)
        {
            if (KubeDuration.Parse(text) is not { } delay)
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsJsonAsync(new { message = $"{Delay}: '{text}' is no duration" }, context.RequestAborted);
                return;
            }

            await Task.Delay(delay, time, context.RequestAborted);
        }

        await EchoBody.WriteAsync(context, instance);
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
