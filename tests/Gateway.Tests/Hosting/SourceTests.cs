using System.Net;
using System.Net.Sockets;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>Who calls whom, on real requests.</summary>
public sealed class SourceTests(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    [Fact]
    public async Task A_request_from_the_address_of_an_instance_is_counted_as_one_of_its_service()
    {
        await gateway.AddServiceAsync("sourced");
        await gateway.RouteAsync("sourced", "sourced.example", "[{backendRefs: [{name: sourced, port: 80}]}]");
        await gateway.ApplyAsync($$$$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: caller-1, namespace: {{{{RunningGateway.Namespace}}}}, labels: {kubernetes.io/service-name: caller}}
            addressType: IPv4
            ports: [{name: http, port: 8080, protocol: TCP}]
            endpoints: [{addresses: [127.77.0.1], conditions: {ready: true}}]
            """);
        await RunningGateway.UntilAsync(gateway.Caches.SliceInformer, new(RunningGateway.Namespace, "caller-1"), static _ => true, "the gateway did not hear of the caller");

        using var caller = From(IPAddress.Parse("127.77.0.1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{gateway.Address}:8080/a")) { Headers = { Host = "sourced.example" } };
        using var response = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var windows = gateway.Metrics.Windows!;
        // An answer is counted once all of it has gone out, which the caller may see a moment before.
        Assert.True(SpinWait.SpinUntil(() => Read().Count > 0, TimeSpan.FromSeconds(30)));
        Assert.Equal(new TrafficFlow("shop/caller", "shop/sourced", "", "shop/sourced"), Assert.Single(Read()).Flow);

        IReadOnlyList<TrafficSeries> Read() => [.. windows.Read(windows.Since, TimeProvider.System.GetUtcNow()).Series.Where(series => series.Flow.Service == "shop/sourced")];
    }

    private static HttpMessageInvoker From(IPAddress address) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
