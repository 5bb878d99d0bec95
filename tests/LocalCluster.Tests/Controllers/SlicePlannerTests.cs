using ControlPlane.Kubernetes.Resources;
using CsCheck;
using k8s.Models;
using LocalCluster.Controllers.Endpoints;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Controllers;

public sealed class SlicePlannerTests
{
    private static readonly Node[] Nodes =
    [
        new() { Metadata = new ObjectMeta { Name = "node-a", Labels = new Dictionary<string, string> { [Node.ZoneLabel] = "asia-south1-a" } } },
    ];

    [Fact]
    public void Every_pod_is_in_exactly_one_slice_of_at_most_100_however_pods_come_and_go()
    {
        var generations = Gen.Int[0, 400].HashSet[0, 350].Array[1, 6];
        generations.Sample(generations =>
        {
            var slices = new List<EndpointSlice>();
            foreach (var pods in generations)
            {
                slices = Carry(slices, SlicePlanner.Plan(Service(), Groups(Service(), pods.Select(i => Pod(i))), slices));

                Assert.All(slices, slice => Assert.InRange(slice.Endpoints.Count, 0, SlicePlanner.MostEndpoints));
                Assert.Equal(
                    pods.Select(i => $"pod-{i}").Order(StringComparer.Ordinal),
                    slices.SelectMany(slice => slice.Endpoints).Select(endpoint => endpoint.TargetRef!.Name!).Order(StringComparer.Ordinal));
                Assert.Equal(slices.Count, slices.DistinctBy(slice => slice.Metadata.Name).Count());
            }
        });
    }

    [Fact]
    public void One_pod_more_changes_one_slice_only()
    {
        var slices = Carry([], SlicePlanner.Plan(Service(), Groups(Service(), Enumerable.Range(0, 250).Select(i => Pod(i))), []));

        var plan = SlicePlanner.Plan(Service(), Groups(Service(), Enumerable.Range(0, 251).Select(i => Pod(i))), slices);

        Assert.Empty(plan.Created);
        Assert.Empty(plan.Deleted);
        Assert.Single(plan.Kept, pair => pair.Before.Endpoints.Count != pair.After.Endpoints.Count);
    }

    [Fact]
    public void A_service_without_pods_has_one_empty_slice_and_keeps_it()
    {
        var plan = SlicePlanner.Plan(Service(), [], []);
        var placeholder = Assert.Single(plan.Created);
        var slices = Carry([], plan);

        var again = SlicePlanner.Plan(Service(), [], slices);

        Assert.Empty(placeholder.Endpoints);
        Assert.Empty(again.Created);
        Assert.Empty(again.Deleted);
        Assert.Single(again.Kept);
    }

    [Fact]
    public void A_cache_that_does_not_show_the_last_slice_leads_to_the_same_name_again()
    {
        var first = SlicePlanner.Plan(Service(), Groups(Service(), [Pod(1)]), []);
        var second = SlicePlanner.Plan(Service(), Groups(Service(), [Pod(1), Pod(2)]), []);

        Assert.Equal(Assert.Single(first.Created).Metadata.Name, Assert.Single(second.Created).Metadata.Name);
    }

    [Fact]
    public void Pods_that_give_a_port_name_different_numbers_are_in_different_slices()
    {
        var service = Service();

        var groups = Groups(service, [Pod(1, port: 8080), Pod(2, port: 9090), Pod(3, port: 8080)]);

        Assert.Equal([8080, 9090], groups.Select(group => group.Ports[0].Port!.Value).Order());
        Assert.Equal(2, Assert.Single(groups, group => group.Ports[0].Port == 8080).Endpoints.Count);
    }

    [Fact]
    public void A_pod_on_its_way_out_serves_but_is_not_ready()
    {
        var leaving = Pod(1);
        leaving = leaving with { Metadata = leaving.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

        var endpoint = Assert.Single(Assert.Single(Groups(Service(), [leaving])).Endpoints);

        Assert.Equal(new EndpointConditions(Ready: false, Serving: true, Terminating: true), endpoint.Conditions);
        Assert.Equal(("node-a", "asia-south1-a"), (endpoint.NodeName, endpoint.Zone));
    }

    [Fact]
    public void A_service_that_publishes_pods_that_are_not_ready_calls_them_ready()
    {
        var service = Service();
        service = service with { Spec = service.Spec with { PublishNotReadyAddresses = true } };

        var endpoint = Assert.Single(Assert.Single(Groups(service, [Pod(1, ready: false)])).Endpoints);

        Assert.Equal(new EndpointConditions(Ready: true, Serving: false, Terminating: false), endpoint.Conditions);
    }

    [Fact]
    public void Old_clients_see_ready_and_not_ready_pods_apart_and_none_that_is_leaving()
    {
        var leaving = Pod(3);
        leaving = leaving with { Metadata = leaving.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

        var subset = Assert.Single(LegacyEndpointsPlanner.Plan(Service(), Groups(Service(), [Pod(1), Pod(2, ready: false), leaving])).Subsets);

        Assert.Equal("pod-1", Assert.Single(subset.Addresses).TargetRef!.Name);
        Assert.Equal("pod-2", Assert.Single(subset.NotReadyAddresses).TargetRef!.Name);
    }

    [Fact]
    public void Slices_carry_the_labels_of_their_service_and_say_whether_it_is_headless()
    {
        var service = Service();
        var headless = service with { Spec = service.Spec with { ClusterIp = "None" } };

        Assert.Equal("web", SlicePlanner.Plan(service, [], []).Created[0].Metadata.Labels["team"]);
        Assert.DoesNotContain("service.kubernetes.io/headless", SlicePlanner.Plan(service, [], []).Created[0].Metadata.Labels.Keys);
        Assert.Contains("service.kubernetes.io/headless", SlicePlanner.Plan(headless, [], []).Created[0].Metadata.Labels.Keys);
    }

    /// <summary>The slices after a plan, as the API would keep them.</summary>
    private static List<EndpointSlice> Carry(IEnumerable<EndpointSlice> slices, SlicePlan plan)
    {
        var kept = slices.ExceptBy(plan.Deleted.Concat(plan.Kept.Select(pair => pair.Before)).Select(s => s.Metadata.Name), s => s.Metadata.Name);
        return [.. kept, .. plan.Kept.Select(pair => pair.After), .. plan.Created.Select(Owned)];

        static EndpointSlice Owned(EndpointSlice slice) => slice with
        {
            Metadata = slice.Metadata with { OwnerReferences = [new OwnerReference { Kind = "Service", Name = "web", Uid = "service-uid", Controller = true }] },
        };
    }

    private static IReadOnlyList<EndpointGroup> Groups(Service service, IEnumerable<Pod> pods) =>
        EndpointGroup.Of(service, pods, name => Nodes.FirstOrDefault(node => node.Metadata.Name == name));

    private static Service Service() => new()
    {
        Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Uid = "service-uid", Labels = new Dictionary<string, string> { ["team"] = "web" } },
        Spec = new ServiceSpec
        {
            ClusterIp = "10.96.0.7",
            Selector = new Dictionary<string, string> { ["app"] = "web" },
            Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http", Protocol = "TCP" }],
        },
    };

    private static Pod Pod(int number, bool ready = true, int port = 8080) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = $"pod-{number}",
            Namespace = "shop",
            Uid = $"uid-{number}",
            Labels = new Dictionary<string, string> { ["app"] = "web" },
        },
        Spec = new PodSpec
        {
            NodeName = "node-a",
            Containers = [new V1Container { Name = "web", Ports = [new V1ContainerPort { Name = "http", ContainerPort = port, Protocol = "TCP" }] }],
        },
        Status = new PodStatus
        {
            Phase = PodPhase.Running,
            PodIps = [new V1PodIP { Ip = $"10.0.{number / 250}.{(number % 250) + 1}" }],
            Conditions = [new StatusCondition { Type = PodConditionType.Ready, Status = ready ? ConditionStatus.True : ConditionStatus.False }],
        },
    };
}
