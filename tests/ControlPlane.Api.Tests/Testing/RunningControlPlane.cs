using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Packages;
using Compliance.Audit.Personal;
using Compliance.Audit.Testing;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Audit.Health;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Store;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
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
    /// <summary>A reason for what stops money, as by default; a second person where tests want one.</summary>
    private static readonly Dictionary<string, string?> Policy = new()
    {
        ["Commands:Rules:0:Actions:0"] = "manifests.apply",
        ["Commands:Rules:0:Tiers:0"] = "Critical",
        ["Commands:Rules:0:Reason"] = "true",
        ["Commands:Rules:1:Actions:0"] = "manifests.*",
        ["Commands:Rules:1:Namespaces:0"] = FourEyes,
        ["Commands:Rules:1:Approval:ExpiresAfter"] = "08:00:00",
        ["Commands:Rules:2:Actions:0"] = "services.handover",
        ["Commands:Rules:2:Reason"] = "true",
    };

    private readonly TestStore _store = new();
    private readonly string _exports = Directory.CreateTempSubdirectory("exports-").FullName;
    private TestCluster? _cluster;
    private WebApplication? _app;
    private HttpClient? _http;
    private int _namespaces;

    /// <summary>A namespace in which every apply takes a second person.</summary>
    internal const string FourEyes = "four-eyes";

    internal TestCluster Cluster => _cluster!;

    internal HttpClient Http => _http!;

    internal InMemoryAuditLog Log { get; } = new();

    /// <summary>The same log, to be read.</summary>
    internal MemoryLog Audit { get; } = new(TimeProvider.System);

    internal TestStore Store => _store;

    internal FleetCaches Caches => _app!.Services.GetRequiredService<FleetCaches>();

    internal ExportFeed Exports => _app!.Services.GetRequiredService<ExportFeed>();

    internal InstanceDirectory Instances => _app!.Services.GetRequiredService<InstanceDirectory>();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(_cluster.Address, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Configuration.AddInMemoryCollection(Policy);
        builder.Services.AddSingleton<IAuditLog>(new BothLogs(Log, Audit));
        builder.Services.AddSingleton<IAuditReader>(Audit);
        builder.Services.AddSingleton(new AuditKeys(Audit.Signer.Verifier, []));
        builder.Services.AddSingleton(new ExportKeys(Audit.Signer, []));
        builder.Services.AddSingleton<ReadAuditHealth>(() => null);
        builder.Services.AddSingleton<IPersonalVault>(new NoPersonalData());
        builder.Services.AddExports(new ExportOptions(_exports));
        builder.Services.AddSingleton<IDbContextFactory<ControlPlaneContext>>(_store);
        builder.Services.AddControlPlane(new ControlPlaneOptions { ClusterName = "test" });
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.UseStatusCodePages();
        _app.UseTestCallers();
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

        _store.Dispose();
        Directory.Delete(_exports, recursive: true);
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

    internal async Task<Answer> SendAsync(HttpRequestMessage request) =>
        await Answer.ReadAsync(await Http.SendAsync(request, TestContext.Current.CancellationToken));
}
