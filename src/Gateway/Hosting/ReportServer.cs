using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

/// <summary>
/// Serves the report of a gateway that is a process of its own, at an address that only the control plane should reach. It changes nothing and names
/// nobody.
/// </summary>
internal static class ReportServer
{
    /// <summary>Serves until cancelled.</summary>
    /// <param name="endpoint">Where; port 0 for any free one.</param>
    /// <param name="report">What to say.</param>
    /// <param name="opened">Told where it listens.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The address can't be listened on.</exception>
    public static async Task RunAsync(IPEndPoint endpoint, Func<GatewayReport> report, Action<Uri> opened, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await using var server = DetachedServer.Build(loggers, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), kestrel => kestrel.Listen(endpoint), context => AnswerAsync(context, report));
        await server.StartAsync(cancellationToken);
        opened(new Uri(server.Urls.Single()));
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync(CancellationToken.None);
    }

    private static Task AnswerAsync(HttpContext context, Func<GatewayReport> report)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Path != GatewayReport.Path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, report(), KubeJson.Options, context.RequestAborted);
    }
}
