using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Store;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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
        ["Commands:Rules:3:Actions:0"] = "holds.release",
        ["Commands:Rules:3:Actions:1"] = "erasures.run",
        ["Commands:Rules:3:Approval:By:0"] = "ComplianceOfficer",
    };

    private readonly string _data = Directory.CreateTempSubdirectory("dabbawala-api-").FullName;
    private TestCluster? _cluster;
    private ReportingGateway? _gateway;
    private WebApplication? _app;
    private HttpClient? _http;
    private int _namespaces;

    /// <summary>A namespace in which every apply takes a second person.</summary>
    internal const string FourEyes = "four-eyes";

    internal TestCluster Cluster => _cluster!;

    internal HttpClient Http => _http!;

    /// <summary>A gateway that it asks for its report.</summary>
    internal ReportingGateway Gateway => _gateway!;

    /// <summary>What was put on record.</summary>
    internal InMemoryAuditLog Log { get; } = new();

    /// <summary>The same log, to be read.</summary>
    internal MemoryLog Audit { get; } = new(TimeProvider.System);

    /// <summary>What is printed at start.</summary>
    internal StringWriter Output { get; } = new();

    internal IServiceProvider Services => _app!.Services;

    internal IDbContextFactory<ControlPlaneContext> Store => _app!.Services.GetRequiredService<IDbContextFactory<ControlPlaneContext>>();

    internal Uri Address => new(_app!.Urls.Single());

    internal string DataDirectory => _data;

    internal FleetCaches Caches => _app!.Services.GetRequiredService<FleetCaches>();

    internal ExportFeed Exports => _app!.Services.GetRequiredService<ExportFeed>();

    internal InstanceDirectory Instances => _app!.Services.GetRequiredService<InstanceDirectory>();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync();
        _gateway = await ReportingGateway.StartAsync();
        _app = ControlPlaneHost.Build(
            _cluster.Address,
            _data,
            new AccessOptions
            {
                Output = Output,
                ServiceAccounts = new Dictionary<string, IReadOnlyList<RoleGrant>> { ["bound/sender"] = [new(Role.AuditSource, "bound"), new(Role.Viewer, "bound")] },
            },
            Log,
            Audit,
            policy: new Dictionary<string, string?>(Policy) { ["Traffic:Gateways:0"] = _gateway.Address.ToString() });
        await _app.StartAsync();
        _http = With((await File.ReadAllTextAsync(Path.Combine(_data, "admin.token"))).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A client that sends a bearer token; null for none.</summary>
    internal HttpClient With(string? token)
    {
        var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return http;
    }

    /// <summary>A client of somebody with these roles, such as <c>viewer@shop</c>.</summary>
    internal async Task<HttpClient> AsAsync(params string[] roles) =>
        With((string)(await PostJsonAsync("/api/v1/tokens", new JsonObject { ["name"] = "test", ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]), ["days"] = 1 })).Json["token"]!);

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
