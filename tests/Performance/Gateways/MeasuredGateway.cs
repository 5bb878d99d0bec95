using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Gateway.Hosting;
using Gateway.Metrics;
using LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Performance.Gateways;

/// <summary>The gateway over an API server in this process, with so many services, each with a route, and a policy with a limit by address that nobody reaches.</summary>
internal sealed class MeasuredGateway : IAsyncDisposable
{
    private readonly LocalClusterServer _server;
    private readonly KubeApi _api;
    private readonly ApiDiscovery _discovery;
    private readonly GatewayHost _gateway;
    private readonly HttpClient _client = new();
    private readonly int _port;
    private readonly int _backend;

    private MeasuredGateway(LocalClusterServer server, int port, int backend)
    {
        (_server, _port, _backend) = (server, port, backend);
        var metrics = new RuntimeMetrics(new Meter(RuntimeMetrics.MeterName));
        _api = new KubeApi(KubeConnection.Anonymous(server.Address, metrics));
        _discovery = new ApiDiscovery(_api);
        _gateway = new GatewayHost(
            new GatewayOptions { Address = IPAddress.Loopback }, _api, metrics, new GatewayMetrics(new Meter(GatewayMetrics.MeterName)), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public static async Task<MeasuredGateway> StartAsync(int port, int backend, int number, CancellationToken cancellationToken)
    {
        var gateway = new MeasuredGateway(await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 }, cancellationToken: cancellationToken), port, backend);
        foreach (var file in new[] { "gateway-api", "crds" }.SelectMany(folder => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.yaml")).Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal)))
        {
            await gateway.ApplyAsync(await File.ReadAllTextAsync(file, cancellationToken), cancellationToken);
        }

        await gateway.ApplyAsync(Shared(port), cancellationToken);
        for (var i = 0; i < number; i++)
        {
            await gateway.ApplyAsync(Service(i, backend), cancellationToken);
        }

        await gateway._gateway.StartAsync(cancellationToken);
        await gateway.UntilAsync(number - 1, static _ => true, cancellationToken);
        return gateway;
    }

    /// <summary>Declares a service with its route and policy, and says how long it took until requests took it.</summary>
    public async Task<TimeSpan> AddRouteAsync(int number, CancellationToken cancellationToken)
    {
        await ApplyAsync(Service(number, _backend, withRoute: false), cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await ApplyAsync(Route(number), cancellationToken);
        await UntilAsync(number, static _ => true, cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Changes the limit of a service, and says how long it took until answers told it.</summary>
    public async Task<TimeSpan> ChangeLimitAsync(int number, int requests, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        await ApplyAsync(Policy(number, requests), cancellationToken);
        var told = string.Create(CultureInfo.InvariantCulture, $"q={requests};");
        await UntilAsync(number, answer => answer.Headers.TryGetValues("RateLimit-Policy", out var values) && values.Any(value => value.Contains(told, StringComparison.Ordinal)), cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.StopAsync(CancellationToken.None);
        _gateway.Dispose();
        await _server.DisposeAsync();
        _api.Connection.Dispose();
    }

    private async Task UntilAsync(int number, Func<HttpResponseMessage, bool> holds, CancellationToken cancellationToken)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/route/{number}"));
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Host = "bench.local" } };
                using var response = await _client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode && holds(response))
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // not open yet
            }

            await Task.Delay(1, cancellationToken);
        }
    }

    private async Task ApplyAsync(string yaml, CancellationToken cancellationToken)
    {
        foreach (var document in ManifestReader.Read(yaml, "bench.yaml"))
        {
            var type = await _discovery.FindAsync(document.ApiVersion, document.Kind, cancellationToken) ?? throw new InvalidOperationException($"{document.Kind} is not served");
            await _api.ApplyAsync(type, document.Key, JsonSerializer.SerializeToUtf8Bytes(document.Json), new WriteOptions { FieldManager = "bench", Force = true }, cancellationToken);
        }
    }

    private static string Shared(int port) => string.Create(CultureInfo.InvariantCulture, $$$$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: bench}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: dabbawala}
        spec: {controllerName: dabbawala.dev/gateway}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: bench, namespace: bench}
        spec: {gatewayClassName: dabbawala, listeners: [{name: http, port: {{{{port}}}}, protocol: HTTP}]}
        """);

    private static string Service(int number, int backend, bool withRoute = true) => new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: service-{{{{number}}}}, namespace: bench}
            spec: {ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: service-{{{{number}}}}, namespace: bench, labels: {kubernetes.io/service-name: service-{{{{number}}}}}}
            addressType: IPv4
            ports: [{name: http, port: {{{{backend}}}}, protocol: TCP}]
            endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
            ---
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: ManagedService
            metadata: {name: service-{{{{number}}}}, namespace: bench}
            spec: {owner: {team: bench}, workloadRef: {kind: Deployment, name: service-{{{{number}}}}}}
            ---

            """)).Append(Policy(number, 1_000_000_000)).Append(withRoute ? "---\n" + Route(number) : "").ToString();

    private static string Policy(int number, int requests) => string.Create(CultureInfo.InvariantCulture, $$$$"""
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: RateLimitPolicy
        metadata: {name: service-{{{{number}}}}, namespace: bench}
        spec: {targetRefs: [{kind: ManagedService, name: service-{{{{number}}}}}], limits: [{name: callers, requests: {{{{requests}}}}, per: Second, by: {type: Address}}]}

        """);

    private static string Route(int number) => string.Create(CultureInfo.InvariantCulture, $$$$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: route-{{{{number}}}}, namespace: bench}
        spec: {parentRefs: [{name: bench}], hostnames: [bench.local], rules: [{matches: [{path: {type: PathPrefix, value: /route/{{{{number}}}}}}], backendRefs: [{name: service-{{{{number}}}}, port: 80}]}]}

        """);
}
