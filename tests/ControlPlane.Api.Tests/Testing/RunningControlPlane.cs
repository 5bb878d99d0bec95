using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Hosting;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Tests.Testing;

[assembly: AssemblyFixture(typeof(ControlPlane.Api.Tests.Testing.RunningControlPlane))]

namespace ControlPlane.Api.Tests.Testing;

/// <summary>The control plane as it is hosted, over an API server in memory. One for all tests: each uses a namespace of its own.</summary>
public sealed class RunningControlPlane : IAsyncLifetime
{
    private TestCluster? _cluster;
    private WebApplication? _app;
    private HttpClient? _http;
    private int _namespaces;

    internal TestCluster Cluster => _cluster!;

    internal HttpClient Http => _http!;

    internal FleetCaches Caches => _app!.Services.GetRequiredService<FleetCaches>();

    internal InstanceDirectory Instances => _app!.Services.GetRequiredService<InstanceDirectory>();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(_cluster.Address, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddControlPlane(new ControlPlaneOptions { ClusterName = "test" });
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.UseStatusCodePages();
        _app.MapControlPlane(_app.Services.GetRequiredService<ControlPlaneOptions>());
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>A namespace that no other test uses.</summary>
    internal async Task<string> NamespaceAsync()
    {
        var name = $"test-{Interlocked.Increment(ref _namespaces)}";
        await Cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");
        return name;
    }

    /// <summary>Waits until the control plane has heard of what a test declared.</summary>
    internal Task<ManagedService> DeclaredAsync(ObjectKey key, Func<ManagedService, bool>? asFar = null) => Caches.UntilAsync(
        () => Caches.Services.Cache.Find(key) is { } service && asFar?.Invoke(service) != false ? service : null,
        () => Caches.Services.Cache.Find(key)?.ToString() ?? $"no service {key}");

    internal async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await Http.GetAsync(path, TestContext.Current.CancellationToken));

    internal Task<Answer> PostYamlAsync(string path, string yaml) => PostAsync(path, new StringContent(yaml, Encoding.UTF8, "application/yaml"));

    internal Task<Answer> PostJsonAsync(string path, JsonNode body) => PostAsync(path, JsonContent.Create(body));

    internal async Task<Answer> PostAsync(string path, HttpContent? body) =>
        await Answer.ReadAsync(await Http.PostAsync(path, body, TestContext.Current.CancellationToken));
}
