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
using Gateway.Policies;
using LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Performance.Gateways;

/// <summary>The gateway over an API server in this process, with a number of routes to one backend and a limit by address that nobody reaches.</summary>
internal sealed class MeasuredGateway : IAsyncDisposable, IPolicySource
{
    private readonly LocalClusterServer _server;
    private readonly KubeApi _api;
    private readonly GatewayHost _gateway;
    private readonly int _port;
    private readonly ServicePolicy _policy = new()
    {
        Limits = [new RateLimit { Name = "callers", Requests = 1_000_000_000, Window = TimeSpan.FromSeconds(1), By = RateLimitKey.Address }],
    };

    private MeasuredGateway(LocalClusterServer server, int port)
    {
        (_server, _port) = (server, port);
        var metrics = new RuntimeMetrics(new Meter(RuntimeMetrics.MeterName));
        _api = new KubeApi(KubeConnection.Anonymous(server.Address, metrics));
        _gateway = new GatewayHost(
            new GatewayOptions { Policies = this, Address = IPAddress.Loopback }, _api, metrics, new GatewayMetrics(new Meter(GatewayMetrics.MeterName)), TimeProvider.System, NullLoggerFactory.Instance);
    }

    /// <inheritdoc/>
    public ServicePolicy For(ObjectKey service) => _policy;

    public static async Task<MeasuredGateway> StartAsync(int port, int backend, int routes, CancellationToken cancellationToken)
    {
        var gateway = new MeasuredGateway(await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 }, cancellationToken: cancellationToken), port);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "gateway-api"), "gateway.*.yaml"))
        {
            await gateway.ApplyAsync(await File.ReadAllTextAsync(file, cancellationToken), cancellationToken);
        }

        await gateway.ApplyAsync(Declared(port, backend, routes), cancellationToken);
        await gateway._gateway.StartAsync(cancellationToken);
        await gateway.UntilRoutedAsync(routes, cancellationToken);
        return gateway;
    }

    /// <summary>Declares a route, and says how long it took until requests took it.</summary>
    public async Task<TimeSpan> AddRouteAsync(int number, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        await ApplyAsync(Route(number), cancellationToken);
        await UntilRoutedAsync(number + 1, cancellationToken);
        return TimeProvider.System.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync(CancellationToken.None);
        _gateway.Dispose();
        await _server.DisposeAsync();
        _api.Connection.Dispose();
    }

    private async Task UntilRoutedAsync(int routes, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var last = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/route/{routes - 1}"));
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, last) { Headers = { Host = "bench.local" } };
                using var response = await client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
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
        var discovery = new ApiDiscovery(_api);
        foreach (var document in ManifestReader.Read(yaml, "bench.yaml"))
        {
            var type = await discovery.FindAsync(document.ApiVersion, document.Kind, cancellationToken) ?? throw new InvalidOperationException($"{document.Kind} is not served");
            await _api.ApplyAsync(type, document.Key, JsonSerializer.SerializeToUtf8Bytes(document.Json), new WriteOptions { FieldManager = "bench", Force = true }, cancellationToken);
        }
    }

    private static string Declared(int port, int backend, int routes)
    {
        var text = new StringBuilder($$$$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: bench}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: backend, namespace: bench}
            spec: {ports: [{name: http, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: backend, namespace: bench, labels: {kubernetes.io/service-name: backend}}
            addressType: IPv4
            ports: [{name: http, port: {{{{backend}}}}, protocol: TCP}]
            endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
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
        for (var number = 0; number < routes; number++)
        {
            text.Append("---\n").Append(Route(number));
        }

        return text.ToString();
    }

    private static string Route(int number) => string.Create(CultureInfo.InvariantCulture, $$$$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: route-{{{{number}}}}, namespace: bench}
        spec: {parentRefs: [{name: bench}], hostnames: [bench.local], rules: [{matches: [{path: {type: PathPrefix, value: /route/{{{{number}}}}}}], backendRefs: [{name: backend, port: 80}]}]}

        """);
}
