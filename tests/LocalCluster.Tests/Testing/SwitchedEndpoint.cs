using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCluster.Tests.Testing;

/// <summary>What a probe asks in place of a container, so that a test decides what it finds.</summary>
internal sealed class SwitchedEndpoint : IAsyncDisposable
{
    private readonly WebApplication _host;

    private SwitchedEndpoint(WebApplication host) => _host = host;

    /// <summary>Status that it answers with.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => new Uri(_host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Fields of a probe that asks it.</summary>
    public string HttpGet => $"httpGet: {{host: 127.0.0.1, port: {Port}, path: /health}}";

    public static async Task<SwitchedEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var endpoint = new SwitchedEndpoint(builder.Build());
        endpoint._host.Run(context =>
        {
            context.Response.StatusCode = endpoint.Status;
            return Task.CompletedTask;
        });
        await endpoint._host.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
