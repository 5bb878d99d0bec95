using System.Diagnostics.CodeAnalysis;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Fleet;
using LocalCluster.NodeAgent.Images;
using LocalCluster.NodeAgent.Images.Echo;
using LocalCluster.NodeAgent.Logs;
using LocalCluster.NodeAgent.Network;
using LocalCluster.NodeAgent.Nodes;
using LocalCluster.NodeAgent.Pods;
using LocalCluster.NodeAgent.Probes;
using LocalCluster.NodeAgent.Variables;
using LocalCluster.Workloads;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgent;

/// <summary>
/// Simulated nodes whose pods run in this process, to the contract that a kubelet has with the API: images of samples/Fleet as real services,
/// any other image as an echo service. Works over HTTP with LocalCluster and with any Kubernetes API that has no nodes of its own.
/// </summary>
public sealed class NodeAgentHost : BackgroundService
{
    private const string Kubelet = "kubelet";

    private readonly NodeAgentOptions _options;
    private readonly KubeApi _api;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly Informer<Pod> _pods;
    private readonly Informer<Service> _services;
    private readonly Informer<EndpointSlice> _slices;
    private readonly CacheIndex<Service> _servicesByNamespace;
    private readonly LoopbackRange _addresses;

    /// <summary>Makes the agent and takes addresses for its pods; nothing is sent until it is started.</summary>
    public NodeAgentHost(NodeAgentOptions options, KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _api = api;
        _time = time;
        _loggers = loggers;
        Informer<T> Follow<T>(ResourceType type, CacheScope scope)
            where T : class, IKubeObject =>
            new(api, type, scope, new JsonObjectDecoder<T>(), metrics, time, loggers.CreateLogger<Informer<T>>());
        _pods = Follow<Pod>(KnownResources.Pods, new CacheScope(FieldSelector: "spec.nodeName!="));
        _services = Follow<Service>(KnownResources.Services, CacheScope.All);
        _servicesByNamespace = _services.Cache.AddIndex(static service => [service.Metadata.Namespace]);
        _slices = Follow<EndpointSlice>(KnownResources.EndpointSlices, CacheScope.All);
        _addresses = options.ListenAddressPrefix is { } given ? LoopbackRange.Given(given) : LoopbackRange.TakeFree();
        Network = new PodNetwork(ReportedPrefix, _addresses.Prefix);
    }

    /// <summary>How the agent's pods are reached from this process.</summary>
    public PodNetwork Network { get; }

    private string ReportedPrefix => _options.PodAddressPrefix ?? _addresses.Prefix;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _addresses.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var echo = await EchoServer.StartAsync(_time, _loggers, stoppingToken);
        using var http = new HttpMessageInvoker(ProbeConnections());
        using var starts = new SemaphoreSlim(2 * Environment.ProcessorCount);
        var runtime = Runtime(new EchoImage(echo), http, starts);
        var nodes = Enumerable.Range(1, _options.Nodes).Select(number => new SimulatedNode(_options, number)).ToList();
        var recorders = nodes.ToDictionary(
            node => node.Name, node => new EventRecorder(_api, Kubelet, node.Name, _time, _loggers.CreateLogger<EventRecorder>()), StringComparer.Ordinal);
        var workers = nodes.ToDictionary(node => node.Name, node => new PodNode(node.Name, node.Zone, node.Allocatable), StringComparer.Ordinal);
        var supervisor = new PodSupervisor(
            _pods,
            runtime,
            pod => workers.TryGetValue(pod.Spec.NodeName, out var node) ? new PodWorker(pod, node, runtime, recorders[node.Name]) : null,
            _loggers.CreateLogger<PodSupervisor>());
        await using var logs = await LogServer.StartAsync(_options.KubeletPort, supervisor, _time, _loggers, stoppingToken);
        foreach (var recorder in recorders.Values)
        {
            await recorder.StartAsync(stoppingToken);
        }

        IEnumerable<Func<CancellationToken, Task>> heartbeats = nodes.Select(node => (Func<CancellationToken, Task>)new NodeHeartbeat(
            node, logs.Port, _api, runtime.Writer, _time, _loggers.CreateLogger<NodeHeartbeat>()).RunAsync);
        try
        {
            await Together.RunAsync([_pods.RunAsync, _services.RunAsync, _slices.RunAsync, supervisor.RunAsync, .. heartbeats], stoppingToken);
        }
        finally
        {
            foreach (var recorder in recorders.Values)
            {
                recorder.Dispose();
            }
        }
    }

    private PodRuntime Runtime(EchoImage echo, HttpMessageInvoker http, SemaphoreSlim starts)
    {
        var resolver = new ClusterResolver(_services, _slices, Network);
        return new PodRuntime
        {
            Api = _api,
            Writer = new ObjectWriter(_api, Kubelet),
            Images = new ImageStore(echo, new FleetStores(), _time),
            Variables = new EnvironmentResolver(_api, _servicesByNamespace.Get),
            Probes = new ProbeFactory(http, Network),
            Hooks = new LifecycleHooks(http, Network, _time),
            Addresses = new PodAddressPool(ReportedPrefix),
            Network = Network,
            Outbound = (ns, address) => new ClusterNameHandler(resolver, ns, PodConnections.From(address)),
            Starts = starts,
            Time = _time,
            Loggers = _loggers,
            HostAddress = SimulatedNode.Address,
        };
    }

    /// <summary>A probe that found an open connection would not notice that nobody listens any more; and a pod's certificate is its own business.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "A kubelet does not check the certificates of what it probes either; no secret is sent.")]
    private static SocketsHttpHandler ProbeConnections() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    };
}
