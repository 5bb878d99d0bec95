using System.Net;
using ControlPlane.Kubernetes.Resources;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>From <c>kubectl apply</c> of a policy to what it does to requests.</summary>
public sealed class DeclaredPolicyTests(RunningFleetGateway gateway) : IClassFixture<RunningFleetGateway>
{
    [Fact]
    public async Task A_policy_takes_effect_when_it_is_applied_and_changed_and_a_bad_one_stops_no_other()
    {
        await gateway.AddServiceAsync("order");
        await gateway.RouteAsync("order", "order.test", "[{backendRefs: [{name: order, port: 80}]}]");
        await gateway.ApplyAsync("""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: ManagedService
            metadata: {name: order}
            spec: {owner: {team: orders}, workloadRef: {kind: Deployment, name: order}}
            """);
        await RunningGateway.UntilAsync(gateway.Host.Declared!.Services, new ObjectKey(RunningGateway.Namespace, "order"), static _ => true, "the gateway did not hear of the service");
        await gateway.ApplyAsync(Policy("bad", "targetRefs: [{kind: Namespace, group: '', name: elsewhere}]", 1));
        await ApplyAndWaitAsync("good", 2);

        Assert.Equal([200, 200, 429], await CallAsync(3));

        await ApplyAndWaitAsync("good", 3);
        Assert.Equal([200, 200, 200, 429], await CallAsync(4));
    }

    private async Task ApplyAndWaitAsync(string name, int requests)
    {
        await gateway.ApplyAsync(Policy(name, "targetRefs: [{kind: ManagedService, name: order}]", requests));
        await RunningGateway.UntilAsync(
            gateway.Host.Declared!.Limits, new ObjectKey(RunningGateway.Namespace, name), policy => policy.Spec.Limits[0].Requests == requests, "the gateway did not hear of the policy");
    }

    private async Task<List<int>> CallAsync(int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            using var response = await gateway.SendAsync("order.test", "/");
            statuses.Add((int)response.StatusCode);
            Assert.Equal(response.StatusCode == HttpStatusCode.TooManyRequests, response.Headers.Contains("Dabbawala-Refused-By"));
        }

        return statuses;
    }

    private static string Policy(string name, string targets, int requests) => $$$$"""
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: RateLimitPolicy
        metadata: {name: {{{{name}}}}}
        spec: { {{{{targets}}}}, limits: [{name: all, requests: {{{{requests}}}}, per: Hour}]}
        """;
}
