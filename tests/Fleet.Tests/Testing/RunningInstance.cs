using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace Fleet.Tests.Testing;

/// <summary>One instance on a free loopback port, with its log and a client.</summary>
internal sealed class RunningInstance : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log;

    private RunningInstance(WebApplication app, ConcurrentQueue<string> log)
    {
        App = app;
        _log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Client.BaseAddress!.Port);

    /// <summary>The lines logged so far.</summary>
    public IReadOnlyList<string> LogLines => [.. _log];

    public static async Task<RunningInstance> StartAsync(
        string service, CancellationToken cancellationToken, Func<FleetInstance, FleetInstance>? configure = null)
    {
        var log = new ConcurrentQueue<string>();
        var instance = new FleetInstance
        {
            Name = $"{service}-5d8f7-x2k9p",
            Namespace = "shop",
            Node = "node-a",
            Zone = "asia-south1-a",
            Version = "1.0.0",
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Log = log.Enqueue,
        };
        var app = FleetHost.Build(FleetServices.Named(service), configure?.Invoke(instance) ?? instance);
        await app.StartAsync(cancellationToken);
        return new RunningInstance(app, log);
    }

    /// <summary>Sends JSON; every request has an idempotency key of its own unless the test gives one.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? json = null, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        return new Answer(response.StatusCode, body, response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string json, string? key = null) => SendAsync(HttpMethod.Post, path, json, key);

    public Task<string> MetricsAsync() => Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    /// <summary>The log entries of an event.</summary>
    public IReadOnlyList<JsonElement> Logged(string eventName) =>
        [.. LogLines.Select(l => JsonDocument.Parse(l).RootElement).Where(e => e.GetProperty("event").GetString() == eventName)];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
