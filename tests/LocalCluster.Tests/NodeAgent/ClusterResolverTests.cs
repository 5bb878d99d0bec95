using System.Net;
using System.Net.Sockets;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using k8s.Models;
using LocalCluster.NodeAgent;
using LocalCluster.NodeAgent.Network;
using LocalCluster.Workloads;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>Over caches that the test fills: no cluster is asked.</summary>
public sealed class ClusterResolverTests : IDisposable
{
    private readonly KubeConnection _nowhere = KubeConnection.Anonymous(new Uri("http://127.0.0.1:1"), TestMetrics.Create());
    private readonly Informer<Service> _services;
    private readonly Informer<EndpointSlice> _slices;
    private readonly ClusterResolver _resolver;

    public ClusterResolverTests()
    {
        _services = Informer<Service>(KnownResources.Services);
        _slices = Informer<EndpointSlice>(KnownResources.EndpointSlices);
        _resolver = new ClusterResolver(_services, _slices, new PodNetwork("10.88", "127.88"));
        Serve("order", "10.96.0.7", Ready("10.88.0.1"), new Endpoint { Addresses = ["10.88.0.2"], Conditions = new EndpointConditions(Ready: false) });
    }

    public void Dispose() => _nowhere.Dispose();

    [Theory]
    [InlineData("order")]
    [InlineData("order.shop")]
    [InlineData("order.shop.svc")]
    [InlineData("Order.shop.svc.cluster.local")]
    [InlineData("order.shop.svc.cluster.local.")]
    [InlineData("10.96.0.7")]
    public void A_service_is_found_by_each_of_its_names_and_by_its_address(string host) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.88.0.1"), 8080), _resolver.Resolve(host, 80, "shop"));

    [Theory]
    [InlineData("order", "other")]
    [InlineData("example.com", "shop")]
    [InlineData("www.example.com", "shop")]
    [InlineData("10.96.0.8", "shop")]
    public void What_is_none_of_the_clusters_is_left_to_the_world(string host, string ns) => Assert.Null(_resolver.Resolve(host, 80, ns));

    [Theory]
    [InlineData("none.shop.svc", 80, SocketError.HostNotFound)]
    [InlineData("order.shop.svc", 81, SocketError.ConnectionRefused)]
    [InlineData("10.96.0.7", 81, SocketError.ConnectionRefused)]
    public void A_name_or_port_that_is_nobodys_fails_as_a_socket_would(string host, int port, SocketError error) =>
        Assert.Equal(error, Assert.Throws<SocketException>(() => _resolver.Resolve(host, port, "shop")).SocketErrorCode);

    [Fact]
    public void A_service_without_a_pod_that_is_ready_refuses()
    {
        Serve("empty", "10.96.0.9", new Endpoint { Addresses = ["10.88.0.3"], Conditions = new EndpointConditions(Ready: false) });

        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => _resolver.Resolve("empty", 80, "shop")).SocketErrorCode);
    }

    [Fact]
    public void The_name_of_a_headless_service_stands_for_its_pods_on_any_port()
    {
        Serve("db", "None", Ready("10.88.0.4"));

        Assert.Equal(new IPEndPoint(IPAddress.Parse("127.88.0.4"), 5432), _resolver.Resolve("db", 5432, "shop"));
    }

    [Fact]
    public void Requests_are_spread_over_the_pods()
    {
        Serve("many", "10.96.0.10", Ready("10.88.0.5"), Ready("10.88.0.6"));

        var seen = Enumerable.Range(0, 64).Select(_ => _resolver.Resolve("many", 80, "shop")!.Address.ToString()).ToHashSet();

        Assert.Equal(2, seen.Count); // fails by chance once in 2^63 runs
    }

    [Fact]
    public async Task A_request_goes_to_a_pod_and_names_the_service_as_its_host()
    {
        var sent = new List<(Uri? Target, string? Host)>();
        var outbound = new Recording(request => sent.Add((request.RequestUri, request.Headers.Host)));
        using var http = new HttpClient(new ClusterNameHandler(_resolver, "shop", outbound));

        await http.GetAsync(new Uri("http://order:80/orders?page=2"), TestContext.Current.CancellationToken);
        await http.GetAsync(new Uri("http://127.0.0.1:9/"), TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetAsync(new Uri("http://none.shop.svc/"), TestContext.Current.CancellationToken));

        Assert.Equal([(new Uri("http://127.88.0.1:8080/orders?page=2"), "order"), (new Uri("http://127.0.0.1:9/"), null)], sent);
        Assert.Equal(HttpRequestError.NameResolutionError, refusal.HttpRequestError);
    }

    private Informer<T> Informer<T>(ResourceType type)
        where T : class, IKubeObject =>
        new(new KubeApi(_nowhere), type, CacheScope.All, new JsonObjectDecoder<T>(), TestMetrics.Create(), TimeProvider.System, NullLogger<Informer<T>>.Instance);

    private static Endpoint Ready(string address) => new() { Addresses = [address], Conditions = new EndpointConditions(Ready: true) };

    private void Serve(string name, string clusterIp, params Endpoint[] endpoints)
    {
        var metadata = new ObjectMeta { Name = name, Namespace = "shop", Labels = new Dictionary<string, string> { [EndpointSlice.ServiceLabel] = name } };
        _services.Cache.Upsert(new Service
        {
            Metadata = metadata,
            Spec = new ServiceSpec { ClusterIp = clusterIp, Ports = [new V1ServicePort { Name = "http", Port = 80 }] },
        });
        _slices.Cache.Upsert(new EndpointSlice
        {
            Metadata = metadata,
            Endpoints = endpoints,
            Ports = [new EndpointPort { Name = "http", Port = 8080 }],
        });
    }

    private sealed class Recording(Action<HttpRequestMessage> record) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            record(request);
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
