using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;
using Gateway.Tests.Identity;
using Gateway.Tests.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Hosting;

/// <summary>Who may call, seen on real requests with a real issuer and real Secrets.</summary>
public sealed class IdentityTests(RunningGateway gateway) : IClassFixture<RunningGateway>, IAsyncLifetime
{
    private readonly TestIssuer _issuer = new();
    private EchoBackend _keys = null!;

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    private Uri KeysAt => new($"http://127.0.0.1:{_keys.Port}/keys");

    public async ValueTask InitializeAsync()
    {
        _keys = await EchoBackend.StartAsync("issuer");
        _keys.Instead = async context =>
        {
            await context.Response.WriteAsync(_issuer.KeySet);
            return true;
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        _issuer.Dispose();
    }

    [Fact]
    public async Task A_verified_token_lets_in_and_its_claims_replace_what_the_caller_says_of_itself()
    {
        await ServeAsync("tokens", new ServicePolicy { Authentication = new() { Policy = "shop/login", Issuers = [TestIssuer.Options(KeysAt, new KeyValuePair<string, string>("user-id", "sub"))] } });

        using var without = await gateway.SendAsync("tokens.test", "/");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (without.StatusCode, without.Headers.WwwAuthenticate.Single().ToString()));
        Assert.Equal("authentication;policy=\"shop/login\"", Assert.Single(without.Headers.GetValues("Dabbawala-Refused-By")));

        using var expired = await gateway.SendAsync("tokens.test", "/", change: With(_issuer.Token(Now.AddHours(-1))));
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
        Assert.Contains("expired", expired.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);

        var echo = await gateway.EchoAsync("tokens.test", "/", change: request =>
        {
            With(_issuer.Token(Now))(request);
            request.Headers.Add("User-Id", "somebody-else");
        });
        Assert.Equal("asha", echo.Headers["user-id"]);
    }

    [Fact]
    public async Task Limits_by_claim_count_each_verified_caller()
    {
        await ServeAsync("claims", new ServicePolicy
        {
            Authentication = new() { Issuers = [TestIssuer.Options(KeysAt)] },
            Limits = [new() { Name = "users", Requests = 1, Window = TimeSpan.FromHours(1), By = RateLimitKey.Claim, ByName = "sub" }],
        });

        Assert.Equal((200, 429, 200), (await CallAsync("asha"), await CallAsync("asha"), await CallAsync("ravi")));

        async Task<int> CallAsync(string subject)
        {
            using var answer = await gateway.SendAsync("claims.test", "/", change: With(_issuer.Token(Now, subject)));
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task While_the_keys_can_not_be_had_nobody_is_let_in_and_the_route_and_the_report_say_why()
    {
        _keys.Instead = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        await ServeAsync("away", new ServicePolicy { Authentication = new() { Policy = "shop/login", Issuers = [TestIssuer.Options(KeysAt)] } });

        using var answer = await gateway.SendAsync("away.test", "/", change: With(_issuer.Token(Now)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        await RunningGateway.UntilAsync(
            gateway.Caches.RouteInformer,
            new ObjectKey(RunningGateway.Namespace, "away"),
            route => route.Status?.Parents.Any(parent => parent.Conditions.Any(condition => condition is { Type: "fleet.dabbawala.dev/PoliciesHonoured", Status: "False" }
                && condition.Message.Contains("shop/away: spec.authentication.jwt", StringComparison.Ordinal) && condition.Message.Contains("it answers 500", StringComparison.Ordinal))) == true,
            "the route does not say that the keys are away");
        Assert.Contains(gateway.Host.Report().Shortfalls, shortfall => shortfall.Service == "away");
    }

    [Fact]
    public async Task A_key_of_a_Secret_lets_its_client_in_and_only_where_it_may_go()
    {
        await gateway.ApplyAsync($$"""{apiVersion: v1, kind: Secret, metadata: {name: clients}, data: {courier: {{Convert.ToBase64String(Encoding.UTF8.GetBytes("k-courier\n"))}} } }""");
        await ServeAsync("keys", new ServicePolicy
        {
            Authentication = new() { Keys = new("X-API-Key", new ObjectKey(RunningGateway.Namespace, "clients")) },
            Access = new("shop/callers", [new() { Callers = new HashSet<ObjectKey> { new(RunningGateway.Namespace, "courier") }, Methods = ["GET"] }]),
        });

        Assert.Equal((200, 403, 401), (await CallAsync("k-courier", HttpMethod.Get), await CallAsync("k-courier", HttpMethod.Delete), await CallAsync("k-couriex", HttpMethod.Get)));

        async Task<int> CallAsync(string key, HttpMethod method)
        {
            using var answer = await gateway.SendAsync("keys.test", "/", method, request => request.Headers.Add("X-API-Key", key));
            return (int)answer.StatusCode;
        }
    }

    private static Action<HttpRequestMessage> With(string token) => request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private async Task ServeAsync(string name, ServicePolicy policy)
    {
        await gateway.AddServiceAsync(name);
        gateway.Policies[name] = policy;
        await gateway.RouteAsync(name, $"{name}.test", $"[{{backendRefs: [{{name: {name}, port: 80}}]}}]");
    }
}
