using System.Text.Json.Nodes;
using LocalCluster.Auditing;
using LocalCluster.Discovery;
using LocalCluster.Errors;
using LocalCluster.OpenApi;
using LocalCluster.Identity;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Api;

/// <summary>Finds who answers a request, and turns failures into <c>Status</c> objects.</summary>
internal sealed partial class ApiDispatcher(
    CatalogSource catalogs, DiscoveryHandler discovery, OpenApiHandler openApi, Authenticator authenticator, ObjectEndpoint objects, RequestAudit audit, TimeProvider clock, ILogger<ApiDispatcher> logger)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            LoopbackGuard.Check(http.Request);
            await DispatchAsync(http);
        }
        catch (StatusException e)
        {
            await FailAsync(http, e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogFailure(e, http.Request.Method, http.Request.Path);
            await FailAsync(http, StatusErrors.Internal("see the server's log"));
        }
    }

    private async Task DispatchAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        if (path is "/healthz" or "/livez" or "/readyz")
        {
            await http.Response.WriteAsync("ok", http.RequestAborted);
            return;
        }

        if (await discovery.TryHandleAsync(http) || await openApi.TryHandleAsync(http))
        {
            return;
        }

        var parsed = RequestPath.Parse(path) ?? throw StatusErrors.NoSuchPath();
        var resource = catalogs.Current.Find(parsed.Group, parsed.Version, parsed.Resource) ?? throw StatusErrors.NoSuchPath();
        var (request, received) = (new ResourceRequest(http, parsed, resource, authenticator.Identify(http.Request)), clock.GetUtcNow());
        await objects.HandleAsync(request);
        audit.Answered(request, received);
    }

    private static async Task FailAsync(HttpContext http, StatusException failure)
    {
        if (!http.Response.HasStarted)
        {
            await ResponseBody.WriteAsync(http, failure.Code, failure.ToStatus());
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailure(Exception exception, string method, string path);
}
