using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using LocalCluster;
using LocalCluster.Controllers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Operators.Tests.Testing;

/// <summary>
/// An API server in memory with the fleet's kinds and a cluster's own controllers, and no nodes: pods are made and stay pending. What a test
/// does to it, it does as a user of its own.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Field manager of what tests write, unless they say another.</summary>
    public const string User = "kubectl";

    private static readonly ResourceType[] Kinds =
        [ManagedService.ResourceType, TrafficPolicy.ResourceType, RateLimitPolicy.ResourceType, CircuitPolicy.ResourceType, CanaryRollout.ResourceType];

    private readonly Meter _meter = new("tests");
    private readonly string? _directory;
    private LocalClusterServer _server;
    private readonly KubeConnection _connection;
    private readonly LocalClusterControllers _controllers;
    private readonly ApiDiscovery _discovery;

    private TestCluster(LocalClusterServer server, string? directory)
    {
        (_server, _directory) = (server, directory);
        var metrics = new RuntimeMetrics(_meter);
        _connection = KubeConnection.Anonymous(server.Address, metrics);
        Api = new KubeApi(_connection);
        _discovery = new ApiDiscovery(Api);
        _controllers = new LocalClusterControllers(Api, metrics, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public KubeApi Api { get; }

    public Uri Address => _server.Address;

    /// <summary>Starts one.</summary>
    /// <param name="withControllers">False: nobody writes but tests and what they test.</param>
    /// <param name="directory">Where it keeps its state, so that it can be away for a while; null to keep it in memory.</param>
    public static async Task<TestCluster> StartAsync(bool withControllers = true, string? directory = null)
    {
        var cluster = new TestCluster(await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0, DataDirectory = directory }), directory);
        if (withControllers)
        {
            await cluster._controllers.StartAsync(CancellationToken.None);
        }

        foreach (var definition in Kinds.Select(static kind => Path.Combine(AppContext.BaseDirectory, "crds", $"{kind.Plural}.yaml")))
        {
            await cluster.ApplyAsync(await File.ReadAllTextAsync(definition));
        }

        await cluster.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        return cluster;
    }

    /// <summary>Takes the API server away, as a power cut does to who asks it, until it is brought back at the same address.</summary>
    /// <returns>Brings it back.</returns>
    public async Task<Func<Task>> TakeAwayAsync()
    {
        var options = new LocalClusterOptions { Port = Address.Port, DataDirectory = _directory };
        await _server.DisposeAsync();
        return async () => _server = await LocalClusterServer.StartAsync(options);
    }

    /// <summary>Server-side apply of every object of a text.</summary>
    public async Task ApplyAsync(string yaml, string manager = User)
    {
        foreach (var document in ManifestReader.Read(yaml, "test"))
        {
            var type = await _discovery.FindAsync(document.ApiVersion, document.Kind, CancellationToken.None);
            await Api.ApplyAsync(type!, document.Key, JsonSerializer.SerializeToUtf8Bytes(document.Json), As(manager) with { Force = true }, CancellationToken.None);
        }
    }

    /// <summary>Creates an object as <c>kubectl create</c> does: its fields are owned by update.</summary>
    public async Task CreateAsync(string yaml, string manager = User)
    {
        var document = ManifestReader.Read(yaml, "test").Single();
        var type = await _discovery.FindAsync(document.ApiVersion, document.Kind, CancellationToken.None);
        await Api.CreateAsync(type!, document.Key.Namespace, JsonSerializer.SerializeToUtf8Bytes(document.Json), As(manager), CancellationToken.None);
    }

    /// <summary>A hand edit: JSON merge patch.</summary>
    public Task PatchAsync(ResourceType type, ObjectKey key, string json, string manager = User) =>
        Api.MergePatchAsync(type, key, Encoding.UTF8.GetBytes(json), As(manager), CancellationToken.None);

    /// <summary>Says what the cluster's controllers would say of an object.</summary>
    public Task ReportAsync(ResourceType type, ObjectKey key, string status) =>
        Api.MergePatchAsync(type, key, Encoding.UTF8.GetBytes($"{{\"status\":{status}}}"), As("controllers") with { Subresource = "status" }, CancellationToken.None);

    public Task DeleteAsync(ResourceType type, ObjectKey key) => Api.DeleteAsync(type, key, new DeletePreconditions(), CancellationToken.None);

    public async Task<JsonObject> GetAsync(ResourceType type, ObjectKey key) =>
        JsonNode.Parse(await Api.GetBytesAsync(type, key, CancellationToken.None))!.AsObject();

    public async Task<IReadOnlyList<JsonObject>> ListAsync(ResourceType type, string ns) =>
        [.. JsonNode.Parse(await Api.ListPageAsync(type, new ListQuery { Namespace = ns, Limit = 0 }, CancellationToken.None))!["items"]!.AsArray().Select(item => item!.AsObject())];

    public async ValueTask DisposeAsync()
    {
        await _controllers.StopAsync(CancellationToken.None);
        _controllers.Dispose();
        _connection.Dispose();
        await _server.DisposeAsync();
        _meter.Dispose();
    }

    private static WriteOptions As(string manager) => new() { FieldManager = manager };
}
