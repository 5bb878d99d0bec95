using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Hosting;
using Gateway.Metrics;
using Gateway.Resources;
using LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Testing;

/// <summary>A gateway over an API server in this process, with real sockets before it and behind it. Tests share it and keep to hosts of their own.</summary>
public class RunningGateway : IAsyncLifetime
{
    internal const string Namespace = "shop";
    private const string Pool = "127.91";

    private static int _count = Environment.ProcessId;

    private readonly RuntimeMetrics _metrics = TestMetrics.Create();
    private readonly List<IAsyncDisposable> _backends = [];
    private readonly string _pool = string.Create(CultureInfo.InvariantCulture, $"{Pool}.{(uint)Interlocked.Increment(ref _count) % 250}");
    private LocalClusterServer? _server;
    private GatewayHost? _gateway;

    /// <summary>Address of the first Gateway.</summary>
    public IPAddress Address => IPAddress.Parse($"{_pool}.1");

    internal TestPolicies Policies { get; } = new();

    internal GatewayHost Host => _gateway!;

    internal GatewayMetrics Metrics { get; } = new(new Meter(GatewayMetrics.MeterName));

    /// <summary>True to take policies from the cluster instead of from the test.</summary>
    protected virtual bool UsesDeclaredPolicies => false;

    /// <summary>The options, as a test wants them.</summary>
    protected virtual GatewayOptions Change(GatewayOptions options) => options;

    internal KubeApi Api { get; private set; } = null!;

    internal ClusterCaches Caches => _gateway!.Caches;

    internal HttpMessageInvoker Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 }, cancellationToken: CancellationToken.None);
        Api = new KubeApi(KubeConnection.Anonymous(_server.Address, _metrics));
        foreach (var folder in UsesDeclaredPolicies ? ["gateway-api", "crds"] : new[] { "gateway-api" })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.yaml").Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal)))
            {
                await ApplyAsync(await File.ReadAllTextAsync(file, Ending));
            }
        }

        var options = new GatewayOptions { AddressPool = _pool, Policies = UsesDeclaredPolicies ? null : Policies, DrainTimeout = TimeSpan.FromSeconds(5), ReportOn = new(IPAddress.Loopback, 0) };
        _gateway = new GatewayHost(Change(options), Api, _metrics, Metrics, TimeProvider.System, NullLoggerFactory.Instance);
        await _gateway.StartAsync(CancellationToken.None);
        await ApplyAsync($$$$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{{{Namespace}}}}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: dabbawala}
            spec: {controllerName: dabbawala.dev/gateway}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: main, namespace: {{{{Namespace}}}}}
            spec: {gatewayClassName: dabbawala, listeners: [{name: http, port: 8080, protocol: HTTP}]}
            """);
        await UntilAsync(Caches.GatewayInformer, gateway => IsTrue(gateway.Status?.Conditions, "Programmed"), "the Gateway was not programmed");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _gateway!.StopAsync(CancellationToken.None);
        _gateway.Dispose();
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        await _server!.DisposeAsync();
        Api.Connection.Dispose();
        Client.Dispose();
    }

    /// <summary>Applies manifests, and waits until the gateway has said what it thinks of every route among them.</summary>
    internal async Task ApplyAsync(string yaml)
    {
        var discovery = new ApiDiscovery(Api);
        foreach (var document in ManifestReader.Read(yaml, "test.yaml"))
        {
            var type = await discovery.FindAsync(document.ApiVersion, document.Kind, Ending);
            Assert.NotNull(type);
            var key = type.Namespaced && document.Key.Namespace.Length == 0 ? document.Key with { Namespace = Namespace } : document.Key;
            var stored = await Api.ApplyAsync(type, key, JsonSerializer.SerializeToUtf8Bytes(document.Json), new WriteOptions { FieldManager = "test", Force = true }, Ending);
            if (type == GatewayApi.HttpRoutes)
            {
                var generation = JsonSerializer.Deserialize<HttpRoute>(stored, KubeJson.Options)!.Metadata.Generation;
                await UntilAsync(Caches.RouteInformer, key, route => Said(route, generation), $"the gateway said nothing of {key}");
            }
        }
    }

    /// <summary>Starts the instances of a service, and waits until the gateway knows them.</summary>
    internal async Task<IReadOnlyList<EchoBackend>> AddServiceAsync(string name, int instances = 1, string? appProtocol = null)
    {
        var protocols = appProtocol is null ? Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1 : Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2;
        await ApplyAsync($$$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{{{name}}}}, namespace: {{{{Namespace}}}}}
            spec:
              ports:
              - name: http
                port: 80
                targetPort: 8080
                {{{{(appProtocol is null ? "" : $"appProtocol: {appProtocol}")}}}}
            """);
        var started = new List<EchoBackend>();
        for (var number = 1; number <= instances; number++)
        {
            var backend = await EchoBackend.StartAsync($"{name}-{number}", protocols);
            started.Add(backend);
            _backends.Add(backend);
            await AddInstanceAsync(name, backend.Name, backend.Port);
        }

        return started;
    }

    /// <summary>Starts instances that belong to a track, and waits until the gateway knows them.</summary>
    internal async Task<IReadOnlyList<EchoBackend>> AddTrackAsync(string service, string track, int instances = 1)
    {
        var started = new List<EchoBackend>();
        for (var number = 1; number <= instances; number++)
        {
            var backend = await EchoBackend.StartAsync($"{service}-{track}-{number}");
            started.Add(backend);
            _backends.Add(backend);
            await AddPodAsync(backend.Name, track);
            await AddInstanceAsync(service, backend.Name, backend.Port, pod: backend.Name);
        }

        return started;
    }

    /// <summary>Adds a Pod of a track, and waits until the gateway knows it.</summary>
    internal async Task AddPodAsync(string name, string track)
    {
        await ApplyAsync($$$$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{{{name}}}}, namespace: {{{{Namespace}}}}, labels: {fleet.dabbawala.dev/track: {{{{track}}}}}}
            spec: {containers: [{name: main, image: fleet/order:1.0.0}]}
            """);
        await UntilAsync(Host.Pods, new ObjectKey(Namespace, name), static _ => true, $"the gateway did not hear of the Pod {name}");
    }

    /// <summary>Adds an instance, whether something listens there or not, and whether there is such a Pod or not.</summary>
    internal async Task AddInstanceAsync(string service, string slice, int port, string? pod = null)
    {
        await ApplyAsync($$$$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: {{{{slice}}}}, namespace: {{{{Namespace}}}}, labels: {kubernetes.io/service-name: {{{{service}}}}}}
            addressType: IPv4
            ports: [{name: http, port: {{{{port}}}}, protocol: TCP}]
            endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}{{{{(pod is null ? "" : $", targetRef: {{kind: Pod, name: {pod}}}")}}}}}]
            """);
        await UntilAsync(Caches.SliceInformer, new ObjectKey(Namespace, slice), static _ => true, $"the gateway did not hear of {slice}");
    }

    /// <summary>Declares a route of the main Gateway.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="host">Its host.</param>
    /// <param name="rules">Its rules as flow-style YAML.</param>
    internal Task RouteAsync(string name, string host, string rules) => ApplyAsync($$$$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{{{name}}}}, namespace: {{{{Namespace}}}}}
        spec:
          parentRefs: [{name: main}]
          hostnames: ["{{{{host}}}}"]
          rules: {{{{rules}}}}
        """);

    /// <summary>Sends a request through the gateway.</summary>
    internal Task<HttpResponseMessage> SendAsync(string host, string target, HttpMethod? method = null, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"http://{Address}:8080{target}")) { Headers = { Host = host } };
        change?.Invoke(request);
        return Client.SendAsync(request, Ending);
    }

    /// <summary>Sends a request that an instance must answer, and reads what it was asked.</summary>
    internal async Task<Echo> EchoAsync(string host, string target, HttpMethod? method = null, Action<HttpRequestMessage>? change = null)
    {
        using var response = await SendAsync(host, target, method, change);
        var body = await response.Content.ReadAsStringAsync(Ending);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<Echo>(body)!;
    }

    internal static Task UntilAsync<T>(Informer<T> informer, ObjectKey key, Func<T, bool> holds, string otherwise)
        where T : class, IKubeObject => UntilAsync(informer, item => item.Metadata.Key == key && holds(item), otherwise);

    internal static async Task UntilAsync<T>(Informer<T> informer, Func<T, bool> holds, string otherwise)
        where T : class, IKubeObject
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = informer.Cache.Subscribe(change =>
        {
            if (change.New is { } item && holds(item))
            {
                came.TrySetResult();
            }
        });
        await Patience.For(came.Task, otherwise);
    }

    private static bool Said(HttpRoute route, long generation) =>
        route.Status?.Parents.Any(parent => parent.Conditions.Any(condition => condition.Type == "Accepted" && condition.ObservedGeneration >= generation)) == true;

    private static bool IsTrue(IReadOnlyList<Condition>? conditions, string type) => conditions?.Any(condition => condition.Type == type && condition.Status == "True") == true;
}
