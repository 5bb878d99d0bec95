using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>A gateway that is a process of its own, as far as its report goes: it serves what tests say.</summary>
internal sealed class ReportingGateway : IAsyncDisposable
{
    private readonly WebApplication _server;

    private ReportingGateway(WebApplication server) => _server = server;

    public static DateTimeOffset Started { get; } = new(2026, 11, 27, 6, 0, 0, TimeSpan.Zero);

    public Uri Address => new(_server.Urls.Single());

    public ConcurrentBag<CircuitReport> Circuits { get; } = [];

    public ConcurrentBag<LimitReport> Limits { get; } = [];

    /// <summary>What it answers instead; null for its report.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public static async Task<ReportingGateway> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var gateway = new ReportingGateway(server);
        server.Run(context => gateway.Instead?.Invoke(context) ?? gateway.AnswerAsync(context));
        await server.StartAsync(CancellationToken.None);
        return gateway;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context) => JsonSerializer.SerializeAsync(
        context.Response.Body, new GatewayReport("gateway-0", Started.AddHours(1), Started) { Circuits = [.. Circuits], Limits = [.. Limits] }, KubeJson.Options);
}
