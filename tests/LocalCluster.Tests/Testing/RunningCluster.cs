using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Controllers;
using LocalCluster.NodeAgent;
using LocalCluster.Workloads;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalCluster.Tests.Testing;

/// <summary>A cluster in this process: the API with nothing on disk, and as much of controllers and nodes as the test starts.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    /// <summary>Namespace of the tests' objects.</summary>
    public const string Namespace = "shop";

    private static int _count;

    private readonly LocalClusterServer _server;
    private readonly RuntimeMetrics _metrics = TestMetrics.Create();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _watching = [];
    private readonly Stack<IHostedService> _running = [];

    private RunningCluster(LocalClusterServer server)
    {
        _server = server;
        Api = new KubeApi(KubeConnection.Anonymous(server.Address, _metrics));
        Pods = Watch<Pod>(KnownResources.Pods);
        Nodes = Watch<Node>(KnownResources.Nodes);
        Leases = Watch<NodeLease>(NodeLease.ResourceType);
        Deployments = Watch<Deployment>(KnownResources.Deployments);
        ReplicaSets = Watch<ReplicaSet>(KnownResources.ReplicaSets);
        Slices = Watch<EndpointSlice>(KnownResources.EndpointSlices);
        Events = Watch<RecordedEvent>(KnownResources.Events);
    }

    public KubeApi Api { get; }

    /// <summary>Where the API is.</summary>
    public Uri Address => _server.Address;

    /// <summary>Every cluster of this process has loopback addresses of its own: test classes run beside each other.</summary>
    public NodeAgentOptions Agent { get; } = Addressed(Interlocked.Increment(ref _count));

    public Watched<Pod> Pods { get; }

    public Watched<Node> Nodes { get; }

    public Watched<NodeLease> Leases { get; }

    public Watched<Deployment> Deployments { get; }

    public Watched<ReplicaSet> ReplicaSets { get; }

    public Watched<EndpointSlice> Slices { get; }

    public Watched<RecordedEvent> Events { get; }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>Starts the API.</summary>
    public static async Task<RunningCluster> StartAsync()
    {
        var cluster = new RunningCluster(await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 }, cancellationToken: Ending));
        await cluster.ApplyAsync($"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {Namespace}
            """);
        return cluster;
    }

    /// <summary>Starts a node agent.</summary>
    /// <param name="time">Its clock; null for the real one.</param>
    /// <param name="options">What it is like; null for <see cref="Agent"/>.</param>
    public async Task<NodeAgentHost> StartAgentAsync(TimeProvider? time = null, NodeAgentOptions? options = null)
    {
        var agent = new NodeAgentHost(options ?? Agent, Api, _metrics, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        await StartAsync(agent);
        return agent;
    }

    /// <summary>Starts the workload controllers and the scheduler.</summary>
    /// <param name="time">Their clock; null for the real one.</param>
    public Task StartControllersAsync(TimeProvider? time = null) =>
        StartAsync(new LocalClusterControllers(Api, _metrics, time ?? TimeProvider.System, NullLoggerFactory.Instance));

    /// <summary>Applies manifests.</summary>
    public async Task ApplyAsync(string yaml)
    {
        var discovery = new ApiDiscovery(Api);
        foreach (var document in ManifestReader.Read(yaml, "test.yaml"))
        {
            var type = await discovery.FindAsync(document.ApiVersion, document.Kind, Ending);
            Assert.NotNull(type);
            var key = type.Namespaced && document.Key.Namespace.Length == 0 ? document.Key with { Namespace = Namespace } : document.Key;
            await Api.ApplyAsync(
                type, key, JsonSerializer.SerializeToUtf8Bytes(document.Json), new WriteOptions { FieldManager = "test", Force = true }, Ending);
        }
    }

    /// <summary>Changes an object by a merge patch.</summary>
    public Task PatchAsync(ResourceType type, string name, JsonObject change) => Api.MergePatchAsync(
        type,
        new ObjectKey(type.Namespaced ? Namespace : "", name),
        JsonSerializer.SerializeToUtf8Bytes(change),
        new WriteOptions { FieldManager = "test" },
        Ending);

    /// <summary>Changes the status of an object by a merge patch.</summary>
    public Task PatchStatusAsync(ResourceType type, string name, JsonObject status) => Api.MergePatchAsync(
        type,
        new ObjectKey(type.Namespaced ? Namespace : "", name),
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["status"] = status }),
        new WriteOptions { FieldManager = "test", Subresource = "status" },
        Ending);

    /// <summary>Deletes a pod as <c>kubectl delete</c> does.</summary>
    /// <param name="name">The pod.</param>
    /// <param name="grace">Time to end; null for its own.</param>
    public Task DeletePodAsync(string name, TimeSpan? grace = null) =>
        Api.DeleteAsync(KnownResources.Pods, new ObjectKey(Namespace, name), new DeletePreconditions(), grace, Ending);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var part))
        {
            await part.StopAsync(CancellationToken.None);
            (part as IDisposable)?.Dispose();
        }

        await _end.CancelAsync();
        await Task.WhenAll(_watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
        Api.Connection.Dispose();
        _end.Dispose();
    }

    private static NodeAgentOptions Addressed(int number)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"127.{128 + (number % 120)}");
        return new NodeAgentOptions { PodAddressPrefix = prefix, ListenAddressPrefix = prefix };
    }

    private async Task StartAsync(IHostedService part)
    {
        _running.Push(part);
        await part.StartAsync(Ending);
    }

    private Watched<T> Watch<T>(ResourceType type)
        where T : class, IKubeObject
    {
        var informer = new Informer<T>(
            Api, type, CacheScope.All, new JsonObjectDecoder<T>(), _metrics, TimeProvider.System, NullLogger<Informer<T>>.Instance);
        _watching.Add(informer.RunAsync(_end.Token));
        return new Watched<T>(informer);
    }
}
