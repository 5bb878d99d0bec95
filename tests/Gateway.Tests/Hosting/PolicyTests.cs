using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Policies;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>Limits, circuits and retries, seen on real requests.</summary>
public sealed class PolicyTests(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    [Fact]
    public async Task The_first_request_over_a_limit_is_refused_and_told_by_what_and_for_how_long()
    {
        await ServeAsync("limited", new ServicePolicy { Limits = [new() { Name = "orders", Policy = "shop/order-limits", Requests = 3, Window = TimeSpan.FromHours(1) }] });

        for (var left = 2; left >= 0; left--)
        {
            using var passed = await gateway.SendAsync("limited.test", "/");
            Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
            Assert.Equal("\"orders\";q=3;w=3600", Assert.Single(passed.Headers.GetValues("RateLimit-Policy")));
            Assert.Matches($"^\"orders\";r={left};t=3[67][0-9][0-9]$", Assert.Single(passed.Headers.GetValues("RateLimit")));
        }

        using var refused = await gateway.SendAsync("limited.test", "/");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3540, 3660);
        Assert.Equal("limit;name=\"orders\";policy=\"shop/order-limits\"", Assert.Single(refused.Headers.GetValues("Dabbawala-Refused-By")));
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", (string?)problem["type"]);
        Assert.Equal("orders", (string?)problem["violated-policies"]![0]);
    }

    [Fact]
    public async Task Callers_are_told_apart_and_only_what_is_meant_counts()
    {
        await ServeAsync("per-caller", new ServicePolicy
        {
            Limits = [new() { Name = "login", Requests = 1, Window = TimeSpan.FromHours(1), By = RateLimitKey.Header, ByName = "X-User", Methods = ["POST"], Paths = ["/login", "/token/*"] }],
        });

        Assert.Equal(200, await StatusAsync("/login", "POST", "asha"));
        Assert.Equal(429, await StatusAsync("/token/x", "POST", "asha"));
        Assert.Equal(200, await StatusAsync("/login", "POST", "ravi"));
        Assert.Equal(429, await StatusAsync("/login", "POST", "ravi"));
        Assert.Equal(200, await StatusAsync("/login", "GET", "asha"));
        Assert.Equal(200, await StatusAsync("/logins", "POST", "asha"));

        async Task<int> StatusAsync(string path, string method, string user)
        {
            using var response = await gateway.SendAsync("per-caller.test", path, new HttpMethod(method), request => request.Headers.Add("X-User", user));
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task A_limit_that_only_watches_refuses_nothing_and_says_nothing()
    {
        await ServeAsync("shadow", new ServicePolicy { Limits = [new() { Name = "watch", Requests = 1, Window = TimeSpan.FromHours(1), Shadow = true }] });

        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.SendAsync("shadow.test", "/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit"));
        }
    }

    [Fact]
    public async Task A_request_that_one_limit_refuses_does_not_count_for_another()
    {
        var window = TimeSpan.FromHours(1);
        await ServeAsync("two-limits", new ServicePolicy
        {
            Limits = [new() { Name = "all", Requests = 3, Window = window }, new() { Name = "post", Requests = 1, Window = window, Methods = ["POST"] }],
        });

        var statuses = new List<int>();
        foreach (var method in new[] { "POST", "POST", "POST", "GET", "GET", "GET" })
        {
            using var response = await gateway.SendAsync("two-limits.test", "/", new HttpMethod(method));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 429, 429, 200, 200, 429], statuses);
    }

    [Fact]
    public async Task An_open_circuit_keeps_requests_back_and_the_fallback_answers_them()
    {
        var backend = await ServeAsync("failing", new ServicePolicy
        {
            Circuit = new() { Policy = "shop/breaker", ConsecutiveErrors = 3, OpenFor = TimeSpan.FromHours(1), Fallback = new(200, "application/json", "{\"from\":\"fallback\"}") },
        });
        backend.Instead = Fail(500);

        for (var i = 0; i < 3; i++)
        {
            using var failed = await gateway.SendAsync("failing.test", "/");
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        }

        using var response = await gateway.SendAsync("failing.test", "/");
        Assert.Equal("{\"from\":\"fallback\"}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("circuit;fallback=static;policy=\"shop/breaker\"", Assert.Single(response.Headers.GetValues("Dabbawala-Refused-By")));
        Assert.Equal(3, backend.Requests);
        var report = Assert.Single(gateway.Host.Report().Circuits, circuit => circuit.Service == "failing");
        Assert.Equal((CircuitState.Open, "shop/breaker", "3 errors in a row"), (report.State, report.Policy, Assert.Single(report.History).Reason));
    }

    [Fact]
    public async Task While_the_circuit_is_open_the_last_good_answer_to_the_same_request_is_given_again()
    {
        var backend = await ServeAsync("lastgood", new ServicePolicy { Circuit = new() { Policy = "shop/breaker", ConsecutiveErrors = 1, LastGoodMaxAge = TimeSpan.FromHours(1) } });
        var good = await gateway.EchoAsync("lastgood.test", "/products?q=rice");
        backend.Instead = Fail(500);
        using var failed = await gateway.SendAsync("lastgood.test", "/other");

        using var kept = await gateway.SendAsync("lastgood.test", "/products?q=rice");
        using var never = await gateway.SendAsync("lastgood.test", "/products?q=dal");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (kept.StatusCode, never.StatusCode));
        Assert.Equal("circuit;fallback=last-good;policy=\"shop/breaker\"", Assert.Single(kept.Headers.GetValues("Dabbawala-Refused-By")));
        Assert.Contains(good.Target, await kept.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(kept.Headers.Age >= TimeSpan.Zero);
    }

    [Fact]
    public async Task A_circuit_that_is_forced_open_says_until_when()
    {
        var backend = await ServeAsync("forced", new ServicePolicy { Circuit = new() { Forced = new(Open: true, TimeProvider.System.GetUtcNow().AddHours(1), "drill") } });

        using var response = await gateway.SendAsync("forced.test", "/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3000, 3600);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task A_try_that_fails_is_repeated_at_another_instance_with_its_body()
    {
        var instances = await gateway.AddServiceAsync("flaky", instances: 2);
        instances[0].Instead = Fail(503);
        gateway.Policies["flaky"] = new ServicePolicy { Traffic = new() { Retries = new() { Attempts = 1, Methods = new HashSet<string> { "POST" } } } };
        await gateway.RouteAsync("flaky", "flaky.test", "[{backendRefs: [{name: flaky, port: 80}]}]");

        for (var i = 0; i < 4; i++)
        {
            var echo = await gateway.EchoAsync("flaky.test", "/", HttpMethod.Post, request => request.Content = new StringContent("again"));
            Assert.Equal(("flaky-2", "again"), (echo.Instance, echo.Body));
        }

        Assert.InRange(instances[0].Requests, 1, 4);
    }

    [Fact]
    public async Task An_instance_that_can_not_be_reached_is_gone_around()
    {
        await gateway.AddServiceAsync("half-dead");
        await gateway.AddInstanceAsync("half-dead", "half-dead-0", port: 1); // where nobody listens
        gateway.Policies["half-dead"] = new ServicePolicy { Traffic = new() { Retries = new() { Attempts = 1, On = FailureKinds.ConnectFailure } } };
        await gateway.RouteAsync("half-dead", "half-dead.test", "[{backendRefs: [{name: half-dead, port: 80}]}]");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("half-dead-1", (await gateway.EchoAsync("half-dead.test", "/")).Instance);
        }
    }

    [Fact]
    public async Task When_the_budget_is_used_up_a_failure_is_passed_on_as_the_service_said_it()
    {
        var backend = await ServeAsync("no-budget", new ServicePolicy { Traffic = new() { Retries = new() { Attempts = 3, BudgetPercent = 0, BudgetMinimumPerSecond = 0 } } });
        backend.Instead = Fail(503);

        using var response = await gateway.SendAsync("no-budget.test", "/");

        Assert.Equal("from the service", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, backend.Requests);
    }

    [Fact]
    public async Task The_budget_grows_with_the_requests()
    {
        var instances = await gateway.AddServiceAsync("budgeted", instances: 2);
        instances[0].Instead = Fail(503);
        gateway.Policies["budgeted"] = new ServicePolicy { Traffic = new() { Retries = new() { Attempts = 1, BudgetPercent = 100, BudgetMinimumPerSecond = 0 } } };
        await gateway.RouteAsync("budgeted", "budgeted.test", "[{backendRefs: [{name: budgeted, port: 80}]}]");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("budgeted-2", (await gateway.EchoAsync("budgeted.test", "/")).Instance);
        }
    }

    [Fact]
    public async Task What_must_not_happen_twice_is_not_tried_twice()
    {
        var backend = await ServeAsync("once", new ServicePolicy { Traffic = new() { Retries = new() { Attempts = 3 } } });
        backend.Instead = Fail(503);

        using var response = await gateway.SendAsync("once.test", "/", HttpMethod.Post);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, backend.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused_whether_its_length_is_told_or_not(bool isTold)
    {
        await ServeAsync("small", new ServicePolicy { Traffic = new() { MaxRequestBytes = 1000 } });

        using var response = await gateway.SendAsync("small.test", "/", HttpMethod.Post, request =>
        {
            request.Content = isTold ? new ByteArrayContent(new byte[1001]) : new StreamContent(new MemoryStream(new byte[1001]));
            request.Headers.TransferEncodingChunked = !isTold;
        });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Equal_requests_go_to_the_same_instance_and_others_to_all()
    {
        await gateway.AddServiceAsync("hashed", instances: 3);
        gateway.Policies["hashed"] = new ServicePolicy { Traffic = new() { Balancing = new() { Algorithm = BalancingAlgorithm.ConsistentHash, HashOn = HashOn.Header, HashName = "user-id" } } };
        await gateway.RouteAsync("hashed", "hashed.test", "[{backendRefs: [{name: hashed, port: 80}]}]");

        var homes = new HashSet<string>();
        for (var user = 0; user < 30; user++)
        {
            var home = (await gateway.EchoAsync("hashed.test", "/", change: request => request.Headers.Add("user-id", $"u-{user}"))).Instance;
            homes.Add(home);
            Assert.Equal(home, (await gateway.EchoAsync("hashed.test", "/again", change: request => request.Headers.Add("user-id", $"u-{user}"))).Instance);
        }

        Assert.Equal(3, homes.Count);
    }

    [Fact]
    public async Task Requests_above_the_ceiling_of_waiting_ones_are_refused()
    {
        var backend = await ServeAsync("busy", new ServicePolicy { Circuit = new() { Policy = "shop/pool", Pool = new() { MaxRequests = 1, MaxPending = 0 } } });
        var (arrived, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        backend.Instead = async _ =>
        {
            arrived.TrySetResult();
            await goOn.Task;
            return false;
        };
        var first = gateway.SendAsync("busy.test", "/");
        await Patience.For(arrived.Task, "the first request did not arrive");

        using var refused = await gateway.SendAsync("busy.test", "/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("pool;policy=\"shop/pool\"", Assert.Single(refused.Headers.GetValues("Dabbawala-Refused-By")));
        goOn.SetResult();
        using var answered = await first;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private async Task<EchoBackend> ServeAsync(string name, ServicePolicy policy)
    {
        var backend = Assert.Single(await gateway.AddServiceAsync(name));
        gateway.Policies[name] = policy;
        await gateway.RouteAsync(name, $"{name}.test", $"[{{backendRefs: [{{name: {name}, port: 80}}]}}]");
        return backend;
    }

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task<bool>> Fail(int status) => async context =>
    {
        context.Response.StatusCode = status;
        await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "from the service");
        return true;
    };
}
