using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

public sealed class FleetGraphTests : IDisposable
{
    private readonly KnownFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void What_others_do_not_see_is_told_to_nobody()
    {
        Shop();

        Assert.Empty(Told(service => service.With(workload => workload with { Image = "fleet/order:2", Replicas = 9 })));
        Assert.Empty(Told(service => service with { Spec = service.Spec with { Tier = ServiceTier.Critical } }));
        Assert.Empty(Told(service => service.With(workload => workload with { Ports = [new WorkloadPort { Name = "web", Port = 80, TargetPort = 8080 }] })));
    }

    [Fact]
    public void Other_ports_are_told_to_callers()
    {
        Shop();

        Assert.Equal(["web"], Told(service => service.With(workload => workload with { Ports = [new WorkloadPort { Name = "http", Port = 9000 }] })));
    }

    [Fact]
    public void Other_pods_are_told_to_callers_and_dependencies()
    {
        Shop();

        Assert.Equal(
            ["payment", "stock", "web"],
            Told(service => service.With(workload => workload with { Selector = new Dictionary<string, string> { ["app"] = "order" } })));
    }

    [Fact]
    public void A_dependency_that_comes_or_goes_is_told_to_that_one_alone()
    {
        Shop();

        Assert.Equal(["search", "stock"], Told(service => service with { Spec = service.Spec with { DependsOn = [Samples.Dependency("payment"), Samples.Dependency("search")] } }));
    }

    [Fact]
    public void A_dependency_that_becomes_optional_is_told_to_nobody()
    {
        Shop();

        Assert.Empty(Told(service => service with
        {
            Spec = service.Spec with { DependsOn = [.. service.Spec.DependsOn.Select(dependency => dependency with { Optional = true })] },
        }));
    }

    [Fact]
    public void A_service_that_comes_or_goes_is_told_to_both_sides()
    {
        Shop();
        string[] bothSides = ["payment", "stock", "web"];

        var order = _fleet.Graph.Find(Samples.Key("order"))!;
        _fleet.Withdraw(order.Metadata.Key);
        Assert.Equal(bothSides, Names(_fleet.Graph.Affected(new CacheChange<ManagedService>(order, New: null, Initial: false))));

        _fleet.Declare(order);
        Assert.Equal(bothSides, Names(_fleet.Graph.Affected(new CacheChange<ManagedService>(Old: null, order, Initial: false))));
    }

    [Fact]
    public void A_cycle_that_opens_is_told_to_everybody_on_it_however_far_away()
    {
        foreach (var (name, dependency) in new[] { ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("aside", "c") })
        {
            _fleet.Declare(Samples.Service(name, dependency));
        }

        var before = _fleet.Graph.Find(Samples.Key("a"))!;
        var after = _fleet.Declare(Samples.Service("a"));

        Assert.Equal(["b", "c", "d"], Names(_fleet.Graph.Affected(new CacheChange<ManagedService>(before, after, Initial: false))));
    }

    [Fact]
    public void At_start_nobody_is_told_because_everybody_is_looked_at()
    {
        Shop();

        Assert.Empty(_fleet.Graph.Affected(new CacheChange<ManagedService>(Old: null, _fleet.Graph.Find(Samples.Key("order")), Initial: true)));
    }

    [Fact]
    public void An_adopted_workload_that_serves_other_ports_is_told_to_its_adopter_and_the_callers()
    {
        Shop();
        _fleet.Declare(Samples.Adopting("order", "payment"));

        Assert.Equal(["order", "web"], ToldOf(Samples.Deployment("order"), Samples.Deployment("order", port: 9000, generation: 2)));
    }

    [Fact]
    public void The_status_of_an_adopted_workload_is_told_to_its_adopter_alone()
    {
        Shop();
        _fleet.Declare(Samples.Adopting("order", "payment"));
        var busy = Samples.Deployment("order");
        busy["status"]!["readyReplicas"] = 1;

        Assert.Equal(["order"], ToldOf(Samples.Deployment("order"), busy));
    }

    [Fact]
    public void A_workload_that_nobody_adopts_is_told_to_nobody()
    {
        Shop();

        Assert.Empty(ToldOf(Samples.Deployment("order"), Samples.Deployment("order", port: 9000, generation: 2)));
    }

    private string[] Told(Func<ManagedService, ManagedService> change)
    {
        var before = _fleet.Graph.Find(Samples.Key("order"))!;
        var after = _fleet.Declare(change(before));
        return Names(_fleet.Graph.Affected(new CacheChange<ManagedService>(before, after, Initial: false)));
    }

    private string[] ToldOf(System.Text.Json.Nodes.JsonObject before, System.Text.Json.Nodes.JsonObject after)
    {
        var workload = new WorkloadKey("Deployment", Samples.Key("order"));
        _fleet.Run(before);
        var old = _fleet.Caches.ForeignWorkload(workload);
        _fleet.Run(after);
        return Names(_fleet.Graph.Affected(workload, new CacheChange<LiveObject>(old, _fleet.Caches.ForeignWorkload(workload), Initial: false)));
    }

    private void Shop()
    {
        foreach (var name in (string[])["stock", "payment", "search"])
        {
            _fleet.Declare(Samples.Service(name));
        }

        _fleet.Declare(Samples.Service("order", "payment", "stock"));
        _fleet.Declare(Samples.Service("web", "order"));
    }

    private static string[] Names(IEnumerable<ObjectKey> keys) => [.. keys.Select(key => key.Name).Order(StringComparer.Ordinal)];
}
