using ControlPlane.Kubernetes.Resources;
using CsCheck;
using k8s.Models;
using LocalCluster.Controllers.Scheduling;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class PlacementPlannerTests
{
    private static readonly V1TopologySpreadConstraint ByZone = new()
    {
        TopologyKey = Node.ZoneLabel,
        MaxSkew = 1,
        WhenUnsatisfiable = "DoNotSchedule",
        LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
    };

    [Fact]
    public void Pods_of_one_kind_stay_within_the_skew_of_their_zones_wherever_others_are()
    {
        // Zones of the nodes, and how many other pods are there already.
        var nodes = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5]).Array[1, 6];
        Gen.Select(nodes, Gen.Int[1, 12]).Sample((drawn, pods) =>
        {
            var cluster = drawn.Select((node, i) => Room(Machine($"node-{i}", zone: $"zone-{node.Item1}"), Enumerable.Range(0, node.Item2).Select(_ => Other()))).ToList();
            for (var i = 0; i < pods; i++)
            {
                var placed = PlacementPlanner.Place(Web(ByZone), cluster).Node;
                Assert.NotNull(placed);
                cluster = [.. cluster.Select(node => node.Node.Metadata.Name == placed ? node with { Pods = [.. node.Pods, Web(ByZone)] } : node)];
            }

            var counts = cluster.GroupBy(node => node.Node.Zone).Select(zone => zone.Sum(node => node.Pods.Count(pod => pod.Metadata.Labels.ContainsKey("app")))).ToList();
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        });
    }

    [Fact]
    public void A_zone_that_can_take_no_more_holds_the_others_back_when_the_skew_is_forbidden()
    {
        List<NodeState> cluster = [Room(Machine("a", "zone-a"), [Web(ByZone)]), Room(Machine("b", "zone-b", unschedulable: true))];

        var placement = PlacementPlanner.Place(Web(ByZone), cluster);

        Assert.Null(placement.Node);
        Assert.Equal("0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable.", placement.Problem);
    }

    [Fact]
    public void A_skew_that_is_only_unwanted_is_avoided_and_taken_when_there_is_no_other_way()
    {
        var soft = new V1TopologySpreadConstraint { TopologyKey = ByZone.TopologyKey, MaxSkew = 1, WhenUnsatisfiable = "ScheduleAnyway", LabelSelector = ByZone.LabelSelector };

        Assert.Equal("b", PlacementPlanner.Place(Web(soft), [Room(Machine("a", "zone-a"), [Web(soft)]), Room(Machine("b", "zone-b"))]).Node);
        Assert.Equal("a", PlacementPlanner.Place(Web(soft), [Room(Machine("a", "zone-a"), [Web(soft)]), Room(Machine("b", "zone-b", unschedulable: true))]).Node);
    }

    [Fact]
    public void A_pod_goes_where_there_is_most_room()
    {
        List<NodeState> cluster = [Room(Machine("a"), [Other("3")]), Room(Machine("b"), [Other("1")]), Room(Machine("c"), [Other("2")])];

        Assert.Equal("b", PlacementPlanner.Place(Other("1"), cluster).Node);
    }

    [Fact]
    public void Every_reason_is_counted_as_kube_scheduler_does()
    {
        List<NodeState> cluster =
        [
            Room(Machine("full"), [Other("4")]),
            Room(Machine("full-too"), [Other("3500m")]),
            Room(Machine("tainted", taint: new V1Taint { Key = "gpu", Effect = "NoSchedule" })),
            Room(Machine("other-zone", zone: "zone-z")),
        ];
        var pod = Other("1") with { Spec = Other("1").Spec with { NodeSelector = new Dictionary<string, string> { [Node.ZoneLabel] = "zone-a" } } };

        Assert.Equal(
            "0/4 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 2 Insufficient cpu.",
            PlacementPlanner.Place(pod, cluster).Problem);
        Assert.Equal("no nodes available to schedule pods", PlacementPlanner.Place(pod, []).Problem);
    }

    [Fact]
    public void A_node_that_has_as_many_pods_as_it_takes_takes_no_more()
    {
        var node = Machine("a");
        node = node with { Status = node.Status with { Allocatable = new Dictionary<string, ResourceQuantity>(node.Status.Allocatable) { ["pods"] = new("1") } } };

        Assert.Equal("0/1 nodes are available: 1 Too many pods.", PlacementPlanner.Place(Other(), [Room(node, [Other()])]).Problem);
    }

    [Theory]
    [InlineData("gpu", "Equal", "yes", "", true)]
    [InlineData("gpu", "Equal", "no", "", false)]
    [InlineData("gpu", "Exists", null, "NoSchedule", true)]
    [InlineData("gpu", "Exists", null, "NoExecute", false)]
    [InlineData("", "Exists", null, "", true)]
    public void A_taint_keeps_a_pod_away_unless_it_is_tolerated(string key, string comparison, string? value, string effect, bool tolerated)
    {
        List<NodeState> cluster = [Room(Machine("a", taint: new V1Taint { Key = "gpu", Value = "yes", Effect = "NoSchedule" }))];
        var toleration = new V1Toleration { Key = key, OperatorProperty = comparison, Value = value, Effect = effect };
        var pod = Other() with { Spec = new PodSpec { Tolerations = [toleration] } };

        Assert.Equal(tolerated ? "a" : null, PlacementPlanner.Place(pod, cluster).Node);
    }

    [Fact]
    public void Pods_that_do_not_want_each_other_are_kept_apart_from_both_sides()
    {
        var apart = new V1PodAffinityTerm { TopologyKey = Node.HostnameLabel, LabelSelector = ByZone.LabelSelector };
        var shy = Other() with
        {
            Spec = new PodSpec { Affinity = new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [apart] } } },
        };

        Assert.Equal("b", PlacementPlanner.Place(shy, [Room(Machine("a"), [Web()]), Room(Machine("b"), [Other(), Other()])]).Node);
        Assert.Equal("b", PlacementPlanner.Place(Web(), [Room(Machine("a"), [shy]), Room(Machine("b"), [Other(), Other()])]).Node);
        Assert.Equal(
            "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.", PlacementPlanner.Place(Web(), [Room(Machine("a"), [shy])]).Problem);
    }

    private static NodeState Room(Node node, IEnumerable<Pod>? pods = null) => new(node, [.. pods ?? []]);

    private static Node Machine(string name, string zone = "zone-a", bool unschedulable = false, V1Taint? taint = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [Node.ZoneLabel] = zone, [Node.HostnameLabel] = name } },
        Spec = new NodeSpec { Unschedulable = unschedulable, Taints = taint is null ? [] : [taint] },
        Status = new NodeStatus { Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("4"), ["memory"] = new("8Gi"), ["pods"] = new("110") } },
    };

    private static Pod Web(params V1TopologySpreadConstraint[] spread) => new()
    {
        Metadata = new ObjectMeta { Namespace = "shop", Labels = new Dictionary<string, string> { ["app"] = "web" } },
        Spec = new PodSpec { TopologySpreadConstraints = spread },
    };

    private static Pod Other(string cpu = "0") => new()
    {
        Metadata = new ObjectMeta { Namespace = "shop" },
        Spec = new PodSpec
        {
            Containers = [new V1Container { Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } } }],
        },
    };
}
