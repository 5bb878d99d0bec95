using System.Threading.Channels;
using ControlPlane.Kubernetes.Client;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>
/// An HTTP server on a loopback port whose every answer is written by the test, one request at a time: the test takes the next request and
/// answers, streams, drops or ignores it.
/// </summary>
internal sealed class ScriptedApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ScriptedRequest> _requests = Channel.CreateUnbounded<ScriptedRequest>();

    private ScriptedApiServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<ScriptedApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ScriptedApiServer(builder.Build());
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public KubeConnection Connect(TimeProvider time) =>
        new(new KubernetesClientConfiguration { Host = Address.ToString() }, TestMetrics.Create()) { Time = time };

    /// <summary>The next request that arrives.</summary>
    public async Task<ScriptedRequest> NextAsync() =>
        await Patience.For(_requests.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "no request arrived");

    /// <summary>True when a request has arrived that nobody took.</summary>
    public bool HasRequest => _requests.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // what is still streaming is aborted
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new ScriptedRequest(context, await reader.ReadToEndAsync(context.RequestAborted));
        await _requests.Writer.WriteAsync(request);
        await request.Finished;
    }
}
