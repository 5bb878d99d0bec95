using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Time.Testing;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Tests.Testing;

namespace Operators.Tests.Discovery;

public sealed class InstanceDirectoryTests : IDisposable
{
    private static readonly ObjectKey Order = Samples.Key("order");

    private readonly FakeTimeProvider _time = new();
    private readonly KnownFleet _fleet = new();
    private readonly InstanceDirectory _directory;

    public InstanceDirectoryTests() => _directory = new InstanceDirectory(_fleet.Caches, _time);

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Instances_are_those_of_the_endpoint_slices_with_where_they_run()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Show(Slice("order-a", "order", Endpoint("o2", "10.0.0.2")) with { Ports = [new() { Name = "http", Port = 8080, Protocol = "TCP" }, new() { Port = 9090 }] });
        _fleet.Show(Slice("order-b", "order", Endpoint("o1", "10.0.0.1") with { NodeName = "n1", Zone = "asia-south1-a" }));

        var instances = _directory.Find(Order);

        Assert.Equal(["o1 10.0.0.1", "o2 10.0.0.2"], instances.Select(instance => $"{instance.Name} {instance.Address}"));
        Assert.Equal(("n1", "asia-south1-a"), (instances[0].Node, instances[0].Zone));
        Assert.Equal([new InstancePort("http", 8080, "TCP"), new InstancePort("", 9090, "TCP")], instances[1].Ports);
        Assert.All(instances, instance => Assert.True(instance.IsHandedOut));
    }

    [Fact]
    public void Slices_may_come_before_the_declaration() 
    {
        _fleet.Show(Slice("order-a", "order", Endpoint("o1", "10.0.0.1")));
        Assert.Empty(_directory.Find(Order));

        _fleet.Declare(Samples.Service("order"));

        Assert.Single(_directory.Find(Order));
    }

    [Fact]
    public void What_is_not_ready_or_leaves_is_shown_and_not_handed_out()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Show(Slice(
            "order-a",
            "order",
            Endpoint("o1", "10.0.0.1") with { Conditions = new() { Ready = false } },
            Endpoint("o2", "10.0.0.2") with { Conditions = new() { Ready = true, Terminating = true } },
            Endpoint("o3", "10.0.0.3")));

        var instances = _directory.Find(Order);

        Assert.Equal([InstanceState.NotReady, InstanceState.Terminating, InstanceState.Healthy], instances.Select(instance => instance.State));
        Assert.Equal("o3", Assert.Single(instances, instance => instance.IsHandedOut).Name);
    }

    [Fact]
    public void An_instance_in_two_slices_is_one_and_keeps_its_first_address()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Show(Slice("order-b", "order", Endpoint("o1", "10.0.0.1")));
        _fleet.Show(Slice("order-a", "order", Endpoint("o1", "fd00::1")) with { AddressType = "IPv6" });

        Assert.Equal("10.0.0.1", Assert.Single(_directory.Find(Order)).Address);
    }

    [Fact]
    public void An_endpoint_without_a_pod_goes_by_its_address()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Show(Slice("order-a", "order", new EndpointView { Addresses = ["10.0.0.1"] }, new EndpointView()));

        Assert.Equal("10.0.0.1", Assert.Single(_directory.Find(Order)).Name);
    }

    [Fact]
    public void An_adopting_service_has_the_instances_of_the_Service_that_it_names()
    {
        var service = Samples.Adopting("order");
        _fleet.Declare(service with { Spec = service.Spec with { WorkloadRef = new WorkloadReference { Name = "order", Service = "front" } } });
        _fleet.Show(Slice("front-a", "front", Endpoint("o1", "10.0.0.1")));
        _fleet.Show(Slice("order-a", "order", Endpoint("other", "10.0.0.9")));

        Assert.Equal("o1", Assert.Single(_directory.Find(Order)).Name);
    }

    [Fact]
    public void A_slice_that_is_given_to_another_Service_leaves_the_first_one()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Declare(Samples.Service("payment"));
        _fleet.Show(Slice("s", "order", Endpoint("o1", "10.0.0.1")));

        _fleet.Show(Slice("s", "payment", Endpoint("o1", "10.0.0.1")));

        Assert.Empty(_directory.Find(Order));
        Assert.Single(_directory.Find(Samples.Key("payment")));
    }

    [Fact]
    public void A_service_that_is_withdrawn_has_no_instances()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Show(Slice("order-a", "order", Endpoint("o1", "10.0.0.1"), Endpoint("o2", "10.0.0.2")));

        _fleet.Withdraw(Order);

        Assert.Empty(_directory.Find(Order));
        Assert.Null(_directory.PreservingSince);
    }

    [Fact]
    public void Failed_checks_withhold_an_instance_and_a_passed_one_brings_it_back()
    {
        var check = DeclareChecked();

        Record("o1", "refused", check, times: 1);
        Assert.Equal(InstanceState.Healthy, State("o1"));
        Record("o1", "refused", check, times: 1);

        var withheld = _directory.Find(Order).Single(instance => instance.Name == "o1");
        Assert.Equal((InstanceState.Unhealthy, "refused", _time.GetUtcNow()), (withheld.State, withheld.Reason, withheld.CheckedAt));
        Assert.Equal(InstanceState.Healthy, State("o2"));

        Record("o1", problem: null, check, times: 1);
        Assert.Equal(InstanceState.Healthy, State("o1"));
    }

    [Fact]
    public void Instances_that_all_fail_their_checks_are_all_withheld()
    {
        var check = DeclareChecked();

        Record("o1", "refused", check, times: 2);
        Record("o2", "refused", check, times: 2);

        Assert.DoesNotContain(_directory.Find(Order), instance => instance.IsHandedOut);
        Assert.Null(_directory.PreservingSince);
    }

    [Fact]
    public void Without_a_declared_check_old_verdicts_do_not_count()
    {
        var check = DeclareChecked();
        Record("o1", "refused", check, times: 2);

        _fleet.Declare(Samples.Service("order"));

        Assert.Equal(InstanceState.Healthy, State("o1"));
    }

    [Fact]
    public void A_new_instance_of_an_old_name_starts_with_a_clean_record()
    {
        var check = DeclareChecked();
        Record("o1", "refused", check, times: 2);

        _fleet.Show(Slice("order-a", "order", Endpoint("o2", "10.0.0.2")));
        _fleet.Show(Slice("order-a", "order", Endpoint("o1", "10.0.0.7"), Endpoint("o2", "10.0.0.2")));

        Assert.Equal(InstanceState.Healthy, State("o1"));
    }

    [Fact]
    public void A_check_that_ends_after_its_instance_is_gone_is_forgotten()
    {
        var check = DeclareChecked();
        _fleet.Show(Slice("order-a", "order", Endpoint("o2", "10.0.0.2")));

        Record("o1", "refused", check, times: 2);

        Assert.Equal("o2", Assert.Single(_directory.Find(Order)).Name);
    }

    [Fact]
    public void An_instance_whose_health_changes_too_often_is_withheld_until_it_is_quiet()
    {
        var check = DeclareChecked();
        for (var i = 0; i < 3; i++)
        {
            Record("o1", "refused", check, times: 2);
            Record("o1", problem: null, check, times: 1);
        }

        Assert.Equal(InstanceState.Flapping, State("o1"));
        Assert.Equal(InstanceState.Healthy, State("o2"));

        _time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(1)); // and nothing else happens

        Assert.Equal(InstanceState.Healthy, State("o1"));
    }

    [Fact]
    public void When_all_flap_they_are_handed_out_because_nothing_better_is_there()
    {
        var check = DeclareChecked();
        foreach (var name in (string[])["o1", "o2"])
        {
            for (var i = 0; i < 3; i++)
            {
                Record(name, "refused", check, times: 2);
                Record(name, problem: null, check, times: 1);
            }
        }

        Assert.All(_directory.Find(Order), instance => Assert.Equal(InstanceState.Healthy, instance.State));
    }

    [Fact]
    public void When_the_fleet_vanishes_its_last_known_instances_are_handed_out_and_marked_until_they_are_back()
    {
        _fleet.Declare(Samples.Service("order"));
        _fleet.Own(KnownResources.Deployments, Samples.Deployment("order"));
        var slice = Slice("order-a", "order", Endpoint("o1", "10.0.0.1"), Endpoint("o2", "10.0.0.2"));
        _fleet.Show(slice);

        _fleet.Hide(slice);

        Assert.Equal(_time.GetUtcNow(), _directory.PreservingSince);
        Assert.Equal(["o1", "o2"], _directory.Find(Order).Where(instance => instance.State == InstanceState.Preserved && instance.IsHandedOut).Select(instance => instance.Name).Order());

        _fleet.Show(slice);

        Assert.Null(_directory.PreservingSince);
        Assert.Equal(2, _directory.Find(Order).Count(instance => instance.State == InstanceState.Healthy));
    }

    [Fact]
    public void A_service_that_is_wanted_no_longer_is_not_preserved()
    {
        _fleet.Declare(Samples.Service("order")); // no Deployment and no status says that any instance is wanted
        var slice = Slice("order-a", "order", Endpoint("o1", "10.0.0.1"), Endpoint("o2", "10.0.0.2"));
        _fleet.Show(slice);

        _fleet.Hide(slice);

        Assert.Empty(_directory.Find(Order));
    }

    [Fact]
    public void Listeners_hear_of_changes_after_they_can_be_read()
    {
        var heard = new List<(ObjectKey Service, int Instances)>();
        _directory.Changed += service => heard.Add((service, _directory.Find(service).Count));

        _fleet.Declare(Samples.Service("order"));
        _fleet.Show(Slice("order-a", "order", Endpoint("o1", "10.0.0.1")));

        Assert.Equal([(Order, 0), (Order, 1)], heard);
    }

    private ActiveHealthCheck DeclareChecked()
    {
        var check = new ActiveHealthCheck();
        var service = Samples.Service("order");
        _fleet.Declare(service with { Spec = service.Spec with { HealthCheck = check } });
        _fleet.Show(Slice("order-a", "order", Endpoint("o1", "10.0.0.1"), Endpoint("o2", "10.0.0.2")));
        return check;
    }

    private void Record(string name, string? problem, ActiveHealthCheck check, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _directory.RecordCheck(new InstanceKey(Order, name), problem, check);
        }
    }

    private InstanceState State(string name) => _directory.Find(Order).Single(instance => instance.Name == name).State;

    private static EndpointView Endpoint(string pod, string address) => new()
    {
        Addresses = [address],
        TargetRef = new EndpointTargetView { Kind = "Pod", Name = pod },
        Conditions = new EndpointConditionsView { Ready = true },
    };

    private static EndpointSliceView Slice(string name, string service, params EndpointView[] endpoints) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = Samples.Namespace, Labels = new Dictionary<string, string> { [EndpointSliceView.ServiceLabel] = service } },
        AddressType = "IPv4",
        Endpoints = endpoints,
    };
}
