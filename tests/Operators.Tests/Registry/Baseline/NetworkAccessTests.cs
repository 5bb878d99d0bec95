using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using k8s.Models;
using Operators.Registry;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry.Baseline;

public sealed class NetworkAccessTests
{
    private static readonly ManagedService Service = Samples.Service("order");
    private static readonly Neighbour Web = new(Samples.Key("web"), new Dictionary<string, string> { ["app"] = "web" }, []);
    private static readonly Neighbour Reports = new(Samples.Key("reports", "insight"), new Dictionary<string, string> { ["app"] = "reports" }, []);

    [Fact]
    public void Without_a_policy_dependents_are_let_in() => Assert.Equal(["app=web"], LetIn(access: null));

    [Fact]
    public void A_policy_that_shuts_dependents_out_lets_nobody_in() => Assert.Empty(LetIn(new TrafficAccess { Dependents = false }));

    [Fact]
    public void Callers_that_a_policy_allows_come_in_beside_dependents_or_instead_of_them()
    {
        var reports = Allow("reports", "insight");

        Assert.Equal(["insight app=reports", "app=web"], LetIn(new TrafficAccess { Allow = [reports] }));
        Assert.Equal(["insight app=reports"], LetIn(new TrafficAccess { Dependents = false, Allow = [reports] }));
    }

    [Fact]
    public void A_dependent_that_a_policy_allows_once_more_is_let_in_once() => Assert.Equal(["app=web"], LetIn(new TrafficAccess { Allow = [Allow("web")] }));

    [Fact]
    public void A_star_is_every_pod_of_the_namespace() =>
        Assert.Equal(["support every"], LetIn(new TrafficAccess { Dependents = false, Allow = [Allow("*", "support")] }));

    [Fact]
    public void A_caller_that_is_not_declared_is_not_let_in() => Assert.Empty(LetIn(new TrafficAccess { Dependents = false, Allow = [Allow("nobody")] }));

    [Fact]
    public void The_Service_bears_the_annotations_of_its_data_plane()
    {
        var snapshot = new ServiceSnapshot(Service, [], [], new ClusterFeatures(false, false))
        {
            FrontAnnotations = new Dictionary<string, string> { ["konghq.com/retries"] = "2" },
        };

        var front = ServicePlanner.Plan(snapshot).Single(item => item.Type == KnownResources.Services);

        Assert.Equal("2", JsonSerializer.Deserialize<V1Service>(front.Json.Span, KubeJson.Options)!.Metadata.Annotations["konghq.com/retries"]);
    }

    private static AccessRule Allow(string service, string ns = "") => new() { From = [new AllowedCaller { Service = service, Namespace = ns }] };

    private static IEnumerable<string> LetIn(TrafficAccess? access)
    {
        var known = new[] { Web, Reports }.ToDictionary(neighbour => neighbour.Key);
        var snapshot = new ServiceSnapshot(
            Service.With(workload => workload with { Monitoring = new WorkloadMonitoring { Enabled = false } }), [Web], [], new ClusterFeatures(false, false))
        {
            Access = NetworkAccess.Of(Service, access, key => known.GetValueOrDefault(key)),
        };
        var planned = ServicePlanner.Plan(snapshot).Single(item => item.Type == KnownResources.NetworkPolicies);
        return JsonSerializer.Deserialize<V1NetworkPolicy>(planned.Json.Span, KubeJson.Options)!.Spec.Ingress?.SelectMany(rule => rule.FromProperty).Select(Text) ?? [];
    }

    private static string Text(V1NetworkPolicyPeer peer)
    {
        var ns = peer.NamespaceSelector?.MatchLabels.Values.Single();
        var labels = peer.PodSelector?.MatchLabels is { Count: > 0 } found ? string.Join(',', found.Select(label => $"{label.Key}={label.Value}")) : "every";
        return ns is null ? labels : $"{ns} {labels}";
    }
}
