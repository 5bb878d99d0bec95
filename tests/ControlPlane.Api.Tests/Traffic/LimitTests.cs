using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class LimitTests(RunningControlPlane running)
{
    [Fact]
    public async Task Limits_are_told_with_their_use_the_worst_first()
    {
        var ns = await running.NamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        await running.DeclaredAsync(new ObjectKey(ns, "order"));
        running.Gateway.Limits.Add(Report(ns, "login", limited: 1, used: 5));
        running.Gateway.Limits.Add(Report(ns, "all", limited: 0, used: 3));
        await running.Cluster.ApplyAsync($$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: RateLimitPolicy, metadata: {name: limits, namespace: {{ns}} }, spec: {targetRefs: [{kind: ManagedService, name: order}], limits: [{name: all, requests: 5, per: Minute}, {name: idle, requests: 9, per: Day}, {name: login, requests: 5, per: Minute, by: {type: Address} }] } }""");
        await running.Caches.UntilAsync(() => running.Caches.Policies.RateLimits.Cache.Find(new(ns, "limits")), () => "no policy limits");

        var items = (await running.GetAsync($"/api/v1/limits?namespace={ns}")).Ok();

        Assert.Equal(["login Refusing 100", "all Within 60", "idle Unseen 0"], items["items"]!.AsArray().Select(item => $"{item!["name"]} {item["state"]} {item["use"]}"));
        Assert.Equal(("limits", "203.0.x.x #0badcafe", 7L), ((string)items["items"]![0]!["policy"]!, (string)items["items"]![0]!["busiest"]![0]!["caller"]!, (long)items["items"]![0]!["refused"]!));
        Assert.Equal(["idle"], (await running.GetAsync($"/api/v1/limits?namespace={ns}&state=unseen")).Ok()["items"]!.AsArray().Select(item => (string)item!["name"]!));
    }

    private static LimitReport Report(string ns, string name, int limited, int used) => new()
    {
        Namespace = ns,
        Service = "order",
        Name = name,
        Policy = $"{ns}/limits",
        Requests = 5,
        WindowSeconds = 60,
        By = LimitKeyType.Address,
        Allowed = 100,
        Refused = 7,
        Callers = 3,
        Limited = limited,
        Busiest = [new("203.0.x.x #0badcafe", used, 5, 7, null)],
    };
}
