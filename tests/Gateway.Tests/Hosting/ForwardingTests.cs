using System.Net;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>What the Gateway API says of requests, seen on real ones.</summary>
public sealed class ForwardingTests(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    [Fact]
    public async Task A_request_reaches_the_service_with_its_host_path_query_and_body()
    {
        await gateway.AddServiceAsync("plain");
        await gateway.RouteAsync("plain", "plain.test", "[{backendRefs: [{name: plain, port: 80}]}]");

        var echo = await gateway.EchoAsync("plain.test", "/a%20b/c?q=%2F1&q=2", HttpMethod.Post, request =>
        {
            request.Content = new StringContent("namaste");
            request.Headers.Add("X-Forwarded-For", "6.6.6.6");
            request.Headers.Add("Connection", "close");
        });

        Assert.Equal(("plain-1", "POST", "/a%20b/c?q=%2F1&q=2", "plain.test", "namaste"), (echo.Instance, echo.Method, echo.Target, echo.Host, echo.Body));
        Assert.Equal(("127.0.0.1", "http", "plain.test"), (echo.Headers["x-forwarded-for"], echo.Headers["x-forwarded-proto"], echo.Headers["x-forwarded-host"]));
    }

    [Fact]
    public async Task A_socket_without_TLS_takes_both_versions_of_HTTP()
    {
        await gateway.AddServiceAsync("versions");
        await gateway.RouteAsync("versions", "versions.test", "[{backendRefs: [{name: versions, port: 80}]}]");

        foreach (var version in new[] { HttpVersion.Version20, HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var response = await gateway.SendAsync("versions.test", "/x", HttpMethod.Post, request =>
            {
                (request.Version, request.VersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
                request.Content = new StringContent("namaste");
            });

            Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
            Assert.Contains("namaste", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nobody.test", "/", 404)]
    [InlineData("lost.test", "/missing-service", 500)]
    [InlineData("lost.test", "/no-backends", 500)]
    [InlineData("lost.test", "/no-weight", 500)]
    [InlineData("lost.test", "/no-instance", 503)]
    [InlineData("lost.test", "/elsewhere", 404)]
    public async Task What_can_not_be_forwarded_is_answered_with_a_problem(string host, string path, int status)
    {
        await gateway.AddServiceAsync("empty", instances: 0);
        await gateway.RouteAsync("lost", "lost.test", """
            [{matches: [{path: {value: /missing-service}}], backendRefs: [{name: nobody, port: 80}]}, {matches: [{path: {value: /no-backends}}]},
            {matches: [{path: {value: /no-weight}}], backendRefs: [{name: empty, port: 80, weight: 0}]}, {matches: [{path: {value: /no-instance}}], backendRefs: [{name: empty, port: 80}]}]
            """.ReplaceLineEndings(" "));

        using var response = await gateway.SendAsync(host, path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"traceId\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_are_kept_and_a_weight_of_zero_gets_nothing()
    {
        await gateway.AddServiceAsync("heavy");
        await gateway.AddServiceAsync("light");
        await gateway.AddServiceAsync("idle");
        await gateway.RouteAsync("weights", "weights.test", "[{backendRefs: [{name: heavy, port: 80, weight: 80}, {name: light, port: 80, weight: 20}, {name: idle, port: 80, weight: 0}]}]");

        var instances = new List<string>();
        for (var i = 0; i < 1000; i++)
        {
            instances.Add((await gateway.EchoAsync("weights.test", "/")).Instance);
        }

        Assert.InRange(instances.Count(instance => instance == "light-1"), 137, 263); // 200 expected, five standard deviations
        Assert.DoesNotContain("idle-1", instances);
    }

    [Fact]
    public async Task Headers_are_edited_on_both_ways_and_for_one_backend()
    {
        await gateway.AddServiceAsync("edited");
        await gateway.RouteAsync("edited", "edited.test", """
            [{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Set, value: new}], add: [{name: X-Add, value: more}], remove: [X-Gone]}},
            {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: X-Answer, value: edited}], remove: [X-Backend]}}],
            backendRefs: [{name: edited, port: 80, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {add: [{name: X-Add, value: backend}]}}]}]}]
            """.ReplaceLineEndings(" "));

        using var response = await gateway.SendAsync("edited.test", "/", change: request =>
        {
            request.Headers.Add("X-Set", "old");
            request.Headers.Add("X-Add", "one");
            request.Headers.Add("X-Gone", "gone");
        });
        var echo = System.Text.Json.JsonSerializer.Deserialize<Echo>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(("new", "one,more,backend"), (echo.Headers["x-set"], echo.Headers["x-add"]));
        Assert.DoesNotContain("x-gone", echo.Headers.Keys);
        Assert.Equal("edited", Assert.Single(response.Headers.GetValues("X-Answer")));
        Assert.False(response.Headers.Contains("X-Backend"));
    }

    [Fact]
    public async Task Host_and_path_are_rewritten()
    {
        await gateway.AddServiceAsync("rewritten");
        await gateway.RouteAsync("rewritten", "rewritten.test", """
            [{matches: [{path: {value: /old}}], filters: [{type: URLRewrite, urlRewrite: {hostname: inner.test, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}],
            backendRefs: [{name: rewritten, port: 80}]}]
            """.ReplaceLineEndings(" "));

        var echo = await gateway.EchoAsync("rewritten.test", "/old/orders/a%20b?x=1");

        Assert.Equal(("inner.test", "/new/orders/a%20b?x=1"), (echo.Host, echo.Target));
    }

    [Fact]
    public async Task A_redirection_is_answered_without_asking_anybody()
    {
        await gateway.RouteAsync("redirected", "redirected.test", "[{filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 308}}]}]");

        using var response = await gateway.SendAsync("redirected.test", "/a?b=c");

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal("https://redirected.test/a?b=c", response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_service_that_takes_too_long_is_given_up()
    {
        var slow = Assert.Single(await gateway.AddServiceAsync("slow"));
        slow.Instead = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await gateway.RouteAsync("slow", "slow.test", """
            [{matches: [{path: {value: /request}}], timeouts: {request: 50ms}, backendRefs: [{name: slow, port: 80}]},
            {matches: [{path: {value: /try}}], timeouts: {request: 10s, backendRequest: 50ms}, backendRefs: [{name: slow, port: 80}]}]
            """.ReplaceLineEndings(" "));

        using var whole = await gateway.SendAsync("slow.test", "/request");
        using var single = await gateway.SendAsync("slow.test", "/try");

        Assert.Equal((HttpStatusCode.GatewayTimeout, HttpStatusCode.GatewayTimeout), (whole.StatusCode, single.StatusCode));
    }

    [Fact]
    public async Task A_service_that_breaks_the_connection_is_a_bad_gateway()
    {
        var broken = Assert.Single(await gateway.AddServiceAsync("broken"));
        broken.Instead = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        await gateway.RouteAsync("broken", "broken.test", "[{backendRefs: [{name: broken, port: 80}]}]");

        using var response = await gateway.SendAsync("broken.test", "/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task A_service_that_says_so_is_spoken_to_in_HTTP_2()
    {
        await gateway.AddServiceAsync("h2c", appProtocol: "kubernetes.io/h2c");
        await gateway.RouteAsync("h2c", "h2c.test", "[{backendRefs: [{name: h2c, port: 80}]}]");

        Assert.Equal("HTTP/2", (await gateway.EchoAsync("h2c.test", "/")).Protocol);
    }

    [Fact]
    public async Task A_copy_goes_to_the_mirror_and_its_answer_to_nobody()
    {
        await gateway.AddServiceAsync("mirrored");
        var mirror = Assert.Single(await gateway.AddServiceAsync("mirror"));
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        mirror.Instead = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            seen.TrySetResult($"{context.Request.Method} {context.Request.Host} {context.Request.Path} {await reader.ReadToEndAsync(context.RequestAborted)}");
            context.Response.StatusCode = 500;
            return true;
        };
        await gateway.RouteAsync("mirrored", "mirrored.test", "[{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: mirror, port: 80}}}], backendRefs: [{name: mirrored, port: 80}]}]");

        var echo = await gateway.EchoAsync("mirrored.test", "/x", HttpMethod.Post, request => request.Content = new StringContent("twice"));

        Assert.Equal(("mirrored-1", "twice"), (echo.Instance, echo.Body));
        Assert.Equal("POST mirrored.test /x twice", await Patience.For(seen.Task, "the mirror saw nothing"));
    }

    [Fact]
    public async Task A_page_of_another_origin_may_read_what_its_route_lets_it()
    {
        await gateway.AddServiceAsync("cors");
        await gateway.RouteAsync("cors", "cors.test", "[{filters: [{type: CORS, cors: {allowOrigins: ['https://shop.test']}}], backendRefs: [{name: cors, port: 80}]}]");

        using var allowed = await gateway.SendAsync("cors.test", "/", change: request => request.Headers.Add("Origin", "https://shop.test"));
        using var other = await gateway.SendAsync("cors.test", "/", change: request => request.Headers.Add("Origin", "https://evil.test"));

        Assert.Equal("https://shop.test", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Instances_that_come_and_go_are_followed()
    {
        await gateway.AddServiceAsync("moving", instances: 2);
        await gateway.RouteAsync("moving", "moving.test", "[{backendRefs: [{name: moving, port: 80}]}]");
        var both = new[] { (await gateway.EchoAsync("moving.test", "/")).Instance, (await gateway.EchoAsync("moving.test", "/")).Instance };
        Assert.Equal(["moving-1", "moving-2"], both.Order());

        await gateway.ApplyAsync("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: moving-1, labels: {kubernetes.io/service-name: moving}}
            addressType: IPv4
            ports: [{name: http, port: 1, protocol: TCP}]
            endpoints: [{addresses: [127.0.0.1], conditions: {ready: false}}]
            """);
        await RunningGateway.UntilAsync(gateway.Caches.SliceInformer, new(RunningGateway.Namespace, "moving-1"), slice => slice.Endpoints[0].Conditions.Ready == false, "no news");

        Assert.Equal("moving-2", (await gateway.EchoAsync("moving.test", "/")).Instance);
        Assert.Equal("moving-2", (await gateway.EchoAsync("moving.test", "/")).Instance);
    }

    /// <summary>The promise of the swap: whoever is under way goes on, and whoever comes finds a route.</summary>
    [Fact]
    public async Task No_request_fails_while_the_configuration_changes_a_hundred_times()
    {
        await gateway.AddServiceAsync("blue");
        await gateway.AddServiceAsync("green");
        await ChangeAsync(0);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => CallAsync()).ToList();

        for (var change = 1; change <= 100; change++)
        {
            await ChangeAsync(change);
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(callers)).SelectMany(answer => answer).ToList();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.True(answers.Count >= 100, $"only {answers.Count} requests were made meanwhile");

        Task ChangeAsync(int number) => gateway.RouteAsync("changing", "changing.test", $$$$"""
            [{name: "n{{{{number}}}}", matches: [{path: {value: /}}, {path: {value: "/n{{{{number}}}}"} }], backendRefs: [{name: {{{{(number % 2 == 0 ? "blue" : "green")}}}}, port: 80}]}]
            """.ReplaceLineEndings(" "));

        async Task<List<HttpStatusCode>> CallAsync()
        {
            var statuses = new List<HttpStatusCode>();
            while (!stop.IsCancellationRequested)
            {
                using var response = await gateway.SendAsync("changing.test", "/x");
                statuses.Add(response.StatusCode);
            }

            return statuses;
        }
    }
}
