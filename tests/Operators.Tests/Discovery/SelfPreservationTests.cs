using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Time.Testing;
using Operators.Discovery;
using Operators.Tests.Testing;

namespace Operators.Tests.Discovery;

public sealed class SelfPreservationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SelfPreservation _preservation;

    public SelfPreservationTests()
    {
        _preservation = new SelfPreservation(_time);
        Observe("order", "o1", "o2", "o3");
        Observe("payment", "p1", "p2", "p3");
    }

    [Fact]
    public void When_more_than_half_vanish_at_once_the_last_known_are_kept_and_marked()
    {
        Observe("order");
        Assert.Null(_preservation.ActiveSince); // three of six are not more than half

        Observe("payment", "p2");

        Assert.Equal(_time.GetUtcNow(), _preservation.ActiveSince);
        Assert.Equal(["o1", "o2", "o3"], Kept("order"));
        Assert.Equal(["p1", "p3"], Kept("payment"));
        Assert.All(_preservation.Kept(Samples.Key("order")), instance => Assert.Equal(InstanceState.Preserved, instance.State));
    }

    [Fact]
    public void What_vanishes_over_a_longer_time_is_gone()
    {
        Observe("order");
        _time.Advance(TimeSpan.FromSeconds(31));
        Observe("payment", "p1", "p2"); // with the three of order it would be four of six

        Assert.Null(_preservation.ActiveSince);
        Assert.Empty(Kept("order"));
    }

    [Fact]
    public void It_ends_when_eighty_five_per_cent_are_back()
    {
        Vanish();
        Observe("order", "o1", "o2", "o3");
        Observe("payment", "p1", "p2");
        Assert.NotNull(_preservation.ActiveSince); // five of six are 83 %

        Observe("payment", "p1", "p2", "p3");

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void It_ends_when_others_took_the_places_of_those_that_vanished()
    {
        Vanish();

        Observe("order", "o4", "o5", "o6");
        Observe("payment", "p4", "p5", "p6");

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void It_ends_after_a_quarter_of_an_hour_whatever_happens()
    {
        Vanish();

        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        Assert.Equal(["o1", "o2", "o3"], Kept("order"));
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Null(_preservation.ActiveSince);
        Assert.Empty(Kept("order"));
    }

    [Fact]
    public void After_it_has_ended_it_can_begin_again()
    {
        Vanish();
        Observe("order", "o1", "o2", "o3");
        Observe("payment", "p1", "p2", "p3");

        Vanish();

        Assert.NotNull(_preservation.ActiveSince);
    }

    [Fact]
    public void An_instance_that_comes_back_is_kept_no_longer()
    {
        Vanish();

        Observe("order", "o2");

        Assert.Equal(["o1", "o3"], Kept("order"));
    }

    [Fact]
    public void An_instance_that_was_not_healthy_when_it_vanished_is_not_handed_out()
    {
        _preservation.Observe(Samples.Key("order"), [Instance("order", "o1", InstanceState.NotReady), Instance("order", "o2", InstanceState.Unhealthy), Instance("order", "o3")], 3);

        Vanish();

        Assert.Equal(["o3"], Kept("order"));
    }

    [Fact]
    public void Instances_that_are_found_not_ready_have_not_vanished()
    {
        foreach (var service in (string[])["order", "payment"])
        {
            _preservation.Observe(Samples.Key(service), [.. Enumerable.Range(1, 3).Select(i => Instance(service, $"{service[0]}{i}", InstanceState.NotReady))], 3);
        }

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void Scaling_down_does_not_begin_it()
    {
        Observe(wanted: 0, "order");
        Observe(wanted: 1, "payment", "p1");

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void Scaling_down_that_is_heard_of_late_ends_it_at_once()
    {
        Vanish();

        Observe(wanted: 0, "order");
        Observe(wanted: 0, "payment");

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void Deleting_services_does_not_begin_it()
    {
        Observe(wanted: 0, "order");
        Observe(wanted: 0, "payment");

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void A_rolling_update_does_not_begin_it_even_when_it_replaces_all_at_once()
    {
        foreach (var service in (string[])["order", "payment"])
        {
            _preservation.Observe(Samples.Key(service), [.. Enumerable.Range(1, 3).Select(i => Instance(service, $"{service[0]}{i}", InstanceState.Terminating))], 3);
        }

        Observe("order");
        Observe("payment");

        Assert.Null(_preservation.ActiveSince);
    }

    [Fact]
    public void A_single_instance_is_not_enough_to_call_it_a_landslide()
    {
        var preservation = new SelfPreservation(_time);
        preservation.Observe(Samples.Key("order"), [Instance("order", "o1")], 1);

        preservation.Observe(Samples.Key("order"), [], 1);

        Assert.Null(preservation.ActiveSince);
    }

    private void Vanish()
    {
        Observe("order");
        Observe("payment");
    }

    private void Observe(string service, params string[] names) => Observe(wanted: 3, service, names);

    private void Observe(int wanted, string service, params string[] names) =>
        _preservation.Observe(Samples.Key(service), [.. names.Select(name => Instance(service, name))], wanted);

    private string[] Kept(string service) => [.. _preservation.Kept(Samples.Key(service)).Select(instance => instance.Name).Order()];

    private static Instance Instance(string service, string name, InstanceState state = InstanceState.Healthy) => new()
    {
        Service = Samples.Key(service),
        Name = name,
        Address = "10.0.0.1",
        Ports = [],
        State = state,
    };
}
