using System.Net;
using System.Net.Http.Json;
using Compliance.Audit;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class CircuitTests(RunningControlPlane running)
{
    private const string Breaker = """{targetRefs: [{group: "", kind: Namespace, name: NS}], consecutiveErrors: 3}""";

    [Fact]
    public async Task A_circuit_is_told_with_its_state_and_history_at_the_gateway_and_one_without_requests_as_unseen()
    {
        var ns = await DeclareAsync("order", "cart");
        running.Gateway.Circuits.Add(new CircuitReport
        {
            Namespace = ns,
            Service = "order",
            Policy = $"{ns}/breaker",
            State = CircuitState.Open,
            Since = ReportingGateway.Started.AddMinutes(50),
            Until = ReportingGateway.Started.AddMinutes(61),
            History = [new(ReportingGateway.Started.AddMinutes(50), CircuitState.Closed, CircuitState.Open, "3 errors in a row")],
        });

        var items = (await running.GetAsync($"/api/v1/circuits?namespace={ns}")).Ok();

        Assert.Equal(["order Open", "cart Unseen"], items["items"]!.AsArray().Select(item => $"{item!["service"]} {item["state"]}"));
        var order = (await running.GetAsync($"/api/v1/circuits/{ns}/order")).Ok();
        Assert.Equal(("breaker", "3 errors in a row", "gateway-0"), ((string)order["policy"]!, (string)order["reason"]!, (string)order["gateways"]![0]!["gateway"]!));
        Assert.Equal("Closed", (string)order["gateways"]![0]!["history"]![0]!["from"]!);
        Assert.Equal(["cart"], (await running.GetAsync($"/api/v1/circuits?namespace={ns}&state=unseen&sort=-service&limit=1")).Ok()["items"]!.AsArray().Select(item => (string)item!["service"]!));
    }

    [Fact]
    public async Task A_circuit_is_forced_by_a_policy_of_its_own_which_is_on_record_and_released_again()
    {
        var ns = await DeclareAsync("order");
        var until = Now.AddMinutes(15);

        var forced = (await ForceAsync(ns, "order", new { state = "Open", until }, "a bad release")).Ok();

        Assert.Equal("order-forced", (string)forced["policy"]!);
        var policy = await running.Cluster.GetAsync(CircuitPolicy.ResourceType, new(ns, "order-forced"));
        Assert.Equal(("Open", "a bad release"), ((string)policy["spec"]!["force"]!["state"]!, (string)policy["spec"]!["force"]!["reason"]!));
        Assert.Equal(["targetRefs", "force"], policy["spec"]!.AsObject().Select(field => field.Key).OrderDescending(StringComparer.Ordinal));
        await running.Caches.UntilAsync(() => running.Caches.Policies.Circuits.Cache.Find(new(ns, "order-forced")), () => "the policy is not heard of");
        Assert.True((bool)(await running.GetAsync($"/api/v1/circuits/{ns}/order")).Ok()["force"]!["isReleasable"]!);
        var entry = running.Log.Events.Last(item => item.Action == "circuits.force" && item.Object?.Namespace == ns);
        Assert.Equal(("order", "a bad release", AuditOutcome.Succeeded), (entry.Object!.Name, entry.Reason, entry.Outcome));
        Assert.Equal("Open", (string)entry.After!["spec"]!["force"]!["state"]!);

        Assert.Equal(HttpStatusCode.NoContent, (await ReleaseAsync(ns, "order")).Status);

        await running.Caches.UntilAsync(() => running.Caches.Policies.Circuits.Cache.Find(new(ns, "order-forced")) is null ? "released" : null, () => "the policy is still there");
        Assert.Null((await running.GetAsync($"/api/v1/circuits/{ns}/order")).Ok()["force"]);
        Assert.Equal(HttpStatusCode.NotFound, (await ReleaseAsync(ns, "order")).Status);
    }

    [Theory]
    [InlineData("Open", 15, null, "reason")]
    [InlineData("Open", 15, "no", "reason")]
    [InlineData("Open", -1, "a bad release", "until")]
    [InlineData("Open", 1441, "a bad release", "until")]
    [InlineData("Ajar", 15, "a bad release", "state")]
    [InlineData("Open", null, "a bad release", "until")]
    public async Task What_does_not_fit_is_refused_with_its_field(string state, int? minutes, string? reason, string field)
    {
        var ns = await DeclareAsync("order");

        var answer = await ForceAsync(ns, "order", new { state, until = minutes is { } length ? Now.AddMinutes(length) : (DateTimeOffset?)null }, reason);

        Assert.Equal(field, (string)answer.Problem(answer.Status)["field"]!);
        Assert.InRange((int)answer.Status, 400, 422);
    }

    [Fact]
    public async Task A_service_without_a_circuit_is_not_forced()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.DeclaredAsync(new ObjectKey(ns, "order"));

        Assert.Equal("service", (string)(await ForceAsync(ns, "order", Later, "a bad release")).Problem(HttpStatusCode.NotFound)["field"]!);
    }

    [Fact]
    public async Task What_people_keep_under_that_name_or_force_themselves_is_left_to_them()
    {
        var ns = await DeclareAsync("order", "cart");
        await PolicyAsync(ns, "order-forced", "{targetRefs: [{kind: ManagedService, name: order}], openFor: 10s}");
        await PolicyAsync(ns, "by-hand", "{targetRefs: [{kind: ManagedService, name: cart}], force: {state: Open, until: \"2026-11-27T00:00:00Z\", reason: a drill}}");

        Assert.Equal("policy", (string)(await ForceAsync(ns, "order", Later, "a bad release")).Problem(HttpStatusCode.Conflict)["field"]!);
        Assert.Equal("force", (string)(await ForceAsync(ns, "cart", Later, "a bad release")).Problem(HttpStatusCode.Conflict)["field"]!);
        Assert.Equal("policy", (string)(await ReleaseAsync(ns, "order")).Problem(HttpStatusCode.Conflict)["field"]!);
    }

    [Fact]
    public async Task Who_is_on_call_for_one_namespace_forces_no_circuit_of_another()
    {
        var (own, other) = (await DeclareAsync("order"), await DeclareAsync("order"));
        using var somebody = await running.AsAsync($"on-call@{own}");

        Assert.Equal(HttpStatusCode.OK, (await ForceAsync(own, "order", Later, "a bad release", somebody)).Status);
        Assert.Equal("circuits.force", (string)(await ForceAsync(other, "order", Later, "a bad release", somebody)).Problem(HttpStatusCode.Forbidden)["permission"]!);
        Assert.Equal(1, (int)(await Answer.ReadAsync(await somebody.GetAsync("/api/v1/circuits", TestContext.Current.CancellationToken))).Ok()["total"]!);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static object Later => new { state = "Open", until = Now.AddMinutes(15) };

    private async Task<string> DeclareAsync(params string[] services)
    {
        var ns = await running.NamespaceAsync();
        foreach (var service in services)
        {
            await running.Cluster.ApplyAsync(Declarations.Service(ns, service));
            await running.DeclaredAsync(new ObjectKey(ns, service));
        }

        await PolicyAsync(ns, "breaker", Breaker.Replace("NS", ns, StringComparison.Ordinal));
        return ns;
    }

    private async Task PolicyAsync(string ns, string name, string spec)
    {
        await running.Cluster.ApplyAsync($$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: CircuitPolicy, metadata: {name: {{name}}, namespace: {{ns}} }, spec: {{spec}} }""");
        await running.Caches.UntilAsync(() => running.Caches.Policies.Circuits.Cache.Find(new(ns, name)), () => $"no policy {name}");
    }

    private async Task<Answer> ForceAsync(string ns, string service, object body, string? reason, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/circuits/{ns}/{service}/force") { Content = JsonContent.Create(body) };
        if (reason is not null)
        {
            request.Headers.Add("X-Reason", reason);
        }

        return await Answer.ReadAsync(await (by ?? running.Http).SendAsync(request, TestContext.Current.CancellationToken));
    }

    private async Task<Answer> ReleaseAsync(string ns, string service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/circuits/{ns}/{service}/force") { Headers = { { "X-Reason", "it is fixed" } } };
        return await running.SendAsync(request);
    }
}
