using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Testing;

/// <summary>What an instance was asked.</summary>
internal sealed record Echo(string Instance, string Method, string Target, string Host, Dictionary<string, string> Headers, string Body, string Protocol);

/// <summary>An instance of a service: a real server that answers with what it was asked, or does what the test wants.</summary>
internal sealed class EchoBackend : IAsyncDisposable
{
    private readonly WebApplication _server;
    private int _requests;

    private EchoBackend(WebApplication server, string name) => (_server, Name) = (server, name);

    public string Name { get; }

    public int Port { get; private set; }

    /// <summary>How many requests have come.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Does something else with a request; true when it was answered.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = static _ => Task.FromResult(false);

    public static async Task<EchoBackend> StartAsync(string name, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var server = builder.Build();
        var backend = new EchoBackend(server, name);
        server.Run(backend.AnswerAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        backend.Port = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return backend;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (await Instead(context))
        {
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var echo = new Echo(
            Name,
            context.Request.Method,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Host.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            await reader.ReadToEndAsync(context.RequestAborted),
            context.Request.Protocol);
        context.Response.Headers["X-Backend"] = Name;
        await context.Response.WriteAsync(JsonSerializer.Serialize(echo), context.RequestAborted);
    }
}
