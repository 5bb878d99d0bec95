using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent.Logs;

/// <summary>
/// The part of a kubelet's HTTPS server that <c>kubectl logs</c> needs, on loopback: <c>/containerLogs/{namespace}/{pod}/{container}</c>.
/// </summary>
internal sealed class LogServer : IAsyncDisposable
{
    /// <summary>For <c>kubectl exec</c>, <c>attach</c>, <c>cp</c> and <c>port-forward</c>, which show it to their user.</summary>
    private const string NoSuchAccess = "containers of this node agent run in its process: it serves their logs, and has no commands, files or forwarded ports";

    private readonly WebApplication _host;
    private readonly X509Certificate2 _certificate;

    private LogServer(WebApplication host, X509Certificate2 certificate)
    {
        _host = host;
        _certificate = certificate;
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Port = new Uri(addresses.First()).Port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts the server.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LogServer> StartAsync(
        int port, IContainerLogs logs, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var certificate = SelfSignedCertificate.Create(time.GetUtcNow());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DetachedLifetime>());
        var host = builder.Build();
        host.MapGet("/containerLogs/{ns}/{pod}/{container}", (HttpContext context) => SendAsync(context, logs, time));
        host.MapGet("/healthz", static (HttpContext context) => context.Response.WriteAsync("ok"));
        host.MapFallback(static (HttpContext context) => RefuseAsync(context, StatusCodes.Status501NotImplemented, NoSuchAccess));
        await host.StartAsync(cancellationToken);
        return new LogServer(host, certificate);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var impatience = new CancellationTokenSource();
        await impatience.CancelAsync(); // followers would stay for ever
        await _host.StopAsync(impatience.Token);
        await _host.DisposeAsync();
        _certificate.Dispose();
    }

    private static async Task SendAsync(HttpContext context, IContainerLogs logs, TimeProvider time)
    {
        var route = context.Request.RouteValues;
        context.Response.ContentType = "text/plain";
        try
        {
            var query = LogQuery.Read(context.Request.Query, time.GetUtcNow());
            var log = logs.Find((string)route["ns"]!, (string)route["pod"]!, (string)route["container"]!, query.Previous);
            await LogSender.SendAsync(log, query, context.Response.BodyWriter, context.RequestAborted);
        }
        catch (LogUnavailableException e)
        {
            await RefuseAsync(context, e.IsUnknown ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, e.Message);
        }
        catch (FormatException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader has seen enough.
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
