using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>Echo services answer as the image of the Gateway API's conformance suite does, so that the suite can be run here.</summary>
public sealed class EchoBasicTests : IAsyncLifetime
{
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: echo, namespace: shop}
        spec:
          nodeName: dabbawala-1
          containers:
          - name: main
            image: registry.k8s.io/gateway-api/echo-basic:v1.5.1
            env: [{name: SERVICE_NAME, value: orders}]
        """;

    private readonly TestClock _clock = new();
    private readonly HttpClient _http = new();
    private RunningCluster _cluster = null!;
    private string _address = "";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.StartAgentAsync(_clock, _cluster.Agent with { Nodes = 1 });
        await _cluster.Nodes.Until(node => node.IsReady);
        await _cluster.ApplyAsync(Pod);
        _address = (await _cluster.Pods.Until("echo", pod => pod.IsReady)).Status.PodIp!;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task It_answers_with_the_request_in_the_words_of_the_suite()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(3000, "/a//b?c=d"));
        request.Headers.Host = "shop.example";
        request.Headers.Add("x-CITY", "Mumbai");

        using var response = await _http.SendAsync(request, Ending);

        var echo = await EchoOf(response);
        Assert.Equal(("/a//b?c=d", "shop.example", "POST", "HTTP/1.1"), (Text(echo, "path"), Text(echo, "host"), Text(echo, "method"), Text(echo, "proto")));
        Assert.Equal(("shop", "echo", "orders", "3000"), (Text(echo, "namespace"), Text(echo, "pod"), Text(echo, "service"), Text(echo, "httpPort")));
        Assert.Equal("""["Mumbai"]""", echo["headers"]!["X-City"]!.ToJsonString());
        Assert.Null(echo["headers"]!["Host"]);
    }

    [Fact]
    public async Task It_speaks_HTTP_2_without_TLS_on_a_port_of_its_own()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(3001, "/")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await _http.SendAsync(request, Ending);

        Assert.Equal("HTTP/2.0", Text(await EchoOf(response), "proto"));
    }

    [Fact]
    public async Task A_caller_chooses_status_and_headers_of_the_answer()
    {
        using var unavailable = await _http.GetAsync(Url(3000, "/status/503"), Ending);
        using var unknown = await _http.GetAsync(Url(3000, "/status/x"), Ending);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(3000, "/"));
        request.Headers.Add("X-Echo-Set-Header", "X-One:1, X-Two:2");
        using var marked = await _http.SendAsync(request, Ending);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadRequest), (unavailable.StatusCode, unknown.StatusCode));
        Assert.Equal(("1", "2"), (Assert.Single(marked.Headers.GetValues("X-One")), Assert.Single(marked.Headers.GetValues("X-Two"))));
    }

    [Fact]
    public async Task A_request_fails_as_often_as_it_is_asked_to()
    {
        const string Twice = "/retry/x?uuid=a&succeedAfter=2&responseCode=503";
        var statuses = new List<HttpStatusCode>();
        foreach (var target in new[] { Twice, Twice, Twice, "/retry/x?uuid=b" })
        {
            using var response = await _http.GetAsync(Url(3000, target), Ending);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.BadRequest], statuses);
        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(Url(3000, "/retry/x?uuid=c&succeedAfter=1"), Ending));
    }

    [Fact]
    public async Task An_answer_waits_for_as_long_as_it_is_asked_to()
    {
        var answer = _http.GetAsync(Url(3000, "/?delay=37s"), Ending);

        await _clock.FireAsync(TimeSpan.FromSeconds(37), TimeSpan.FromSeconds(37));

        using var response = await answer;
        using var wrong = await _http.GetAsync(Url(3000, "/?delay=soon"), Ending);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.InternalServerError), (response.StatusCode, wrong.StatusCode));
    }

    [Fact]
    public async Task A_WebSocket_gets_its_messages_back()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{_address}:3000/ws"), Ending);
        await socket.SendAsync("namaste"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Ending);
        var buffer = new byte[16];

        var received = await socket.ReceiveAsync(buffer, Ending);

        Assert.Equal("namaste"u8.ToArray(), buffer[..received.Count]);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, Ending);
    }

    private static string? Text(JsonObject echo, string name) => (string?)echo[name];

    private static async Task<JsonObject> EchoOf(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonObject>(Ending))!;

    private Uri Url(int port, string target) => new($"http://{_address}:{port}{target}");
}
