using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Rollouts;

/// <summary>The API alone over an API server in memory: no operator runs, so that a rollout stands as a test says.</summary>
public sealed class RolloutHost : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("dabbawala-rollouts-").FullName;
    private readonly UnheardMeters _meters = new();
    private TestCluster? _cluster;
    private WebApplication? _app;
    private HttpClient? _http;
    private int _namespaces;

    internal TestCluster Cluster => _cluster!;

    internal HttpClient Http => _http!;

    internal InMemoryAuditLog Log { get; } = new();

    internal IServiceProvider Services => _app!.Services;

    internal FleetCaches Caches => Services.GetRequiredService<FleetCaches>();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(withControllers: false);
        await _cluster.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "crds", "canaryrollouts.yaml")));
        _app = ControlPlaneHost.Build(_cluster.Address, _data, new AccessOptions { Output = TextWriter.Null }, Log, roles: ControlPlaneRoles.Console | ControlPlaneRoles.Api, meters: _meters);
        await _app.StartAsync();
        _http = With((await File.ReadAllTextAsync(Path.Combine(_data, "admin.token"))).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        _meters.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A namespace that no other test uses, with a service and its rollout as they are told, and heard of by the API.</summary>
    internal async Task<string> DeclareAsync(CanaryRollout rollout, string team = "orders")
    {
        var ns = $"rollout-{Interlocked.Increment(ref _namespaces):D3}"; // so that names sort as they were made, whichever test makes the tenth
        await Cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {ns}}}}}");
        await Cluster.ApplyAsync(Declarations.Service(ns, "order", team));
        await StandAsync(rollout with { Metadata = new() { Name = "order", Namespace = ns, Labels = rollout.Metadata.Labels } });
        await Caches.UntilAsync(() => Caches.Services.Cache.Find(new(ns, "order")), () => "the service is not heard of");
        return ns;
    }

    internal CanaryRollout? Find(string ns) => Caches.Rollouts.Cache.Find(new(ns, "order"));

    internal async Task<CanaryRollout> StoredAsync(string ns) =>
        (await Cluster.GetAsync(CanaryRollout.ResourceType, new(ns, "order"))).Deserialize<CanaryRollout>(KubeJson.Options)!;

    /// <summary>A client of somebody with these roles.</summary>
    internal async Task<HttpClient> AsAsync(params string[] roles)
    {
        var body = new StringContent(new JsonObject { ["name"] = "test", ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]), ["days"] = 1 }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        return With((string)(await Answer.ReadAsync(await Http.PostAsync("/api/v1/tokens", body, TestContext.Current.CancellationToken))).Json["token"]!);
    }

    private HttpClient With(string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(_app!.Urls.Single()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }

    private async Task StandAsync(CanaryRollout rollout)
    {
        await Cluster.ApplyAsync(JsonSerializer.Serialize(rollout with { Status = null }, KubeJson.Options));
        if (rollout.Status is { } status)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { status }, KubeJson.Options);
            await Cluster.Api.MergePatchAsync(CanaryRollout.ResourceType, rollout.Metadata.Key, body, new WriteOptions { FieldManager = "operator", Subresource = "status" }, TestContext.Current.CancellationToken);
        }

        await Caches.UntilAsync(() => Find(rollout.Metadata.Namespace) is { } found && (found.Status is null) == (rollout.Status is null) ? found : null, () => "the rollout is not heard of");
    }
}
