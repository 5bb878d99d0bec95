using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Tests.Testing;
using Operators.Traffic;

namespace Operators.Tests.Traffic;

/// <summary>Whose allow-lists a change touches: those at the other end of it, however many services there are.</summary>
public sealed class AllowListTests : IDisposable
{
    private readonly KnownFleet _fleet = new();
    private readonly HashSet<ObjectKey> _network = [];
    private readonly HashSet<ObjectKey> _identity = [];

    public AllowListTests()
    {
        for (var i = 0; i < 500; i++)
        {
            _fleet.Declare(Samples.Service($"other-{i}", $"other-{(i + 1) % 500}"));
        }

        _fleet.Declare(Samples.Service("order"));
        _fleet.Declare(Samples.Service("web"));
        _fleet.Caches.Services.Cache.Subscribe(Look);
    }

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void A_service_that_begins_or_ceases_to_depend_on_another_touches_that_one()
    {
        _fleet.Declare(Samples.Service("web", "order"));
        Assert.Equal(Both("order"), Taken());

        _fleet.Declare(Samples.Service("web"));
        Assert.Equal(Both("order"), Taken());
    }

    [Fact]
    public void A_caller_that_runs_as_another_account_touches_those_that_know_it_by_the_account()
    {
        _fleet.Declare(Samples.Service("web", "order"));
        Taken();

        _fleet.Declare(Samples.Service("web", "order").With(workload => workload with { ObjectNames = new() { ServiceAccount = "frontend" } }));

        Assert.Equal([$"identity of {Samples.Key("order")}"], Taken());
    }

    [Fact]
    public void A_service_that_a_policy_names_touches_whom_the_policy_is_for_when_it_comes_and_goes()
    {
        _fleet.Caches.Policies.Traffic.Cache.Upsert(new TrafficPolicy
        {
            Metadata = new() { Name = "order", Namespace = Samples.Namespace },
            Spec = new()
            {
                TargetRefs = [new() { Kind = PolicyTargetKind.ManagedService, Name = "order" }],
                Access = new() { Allow = [new() { From = [new() { Service = "reports" }] }] },
            },
        });

        _fleet.Declare(Samples.Service("reports"));
        Assert.Equal(Both("order"), Taken());

        _fleet.Withdraw(Samples.Key("reports"));
        Assert.Equal(Both("order"), Taken());
    }

    private void Look(CacheChange<ManagedService> change)
    {
        if (!change.Initial)
        {
            _network.UnionWith(_fleet.Graph.Affected(change));
            _identity.UnionWith(TrafficController.SeenFrom(_fleet.Graph, change));
        }
    }

    private static IEnumerable<string> Both(string service) => [$"network of {Samples.Key(service)}", $"identity of {Samples.Key(service)}"];

    /// <summary>What was touched since the last look.</summary>
    private IReadOnlyList<string> Taken()
    {
        IReadOnlyList<string> taken = [.. _network.Select(static key => $"network of {key}"), .. _identity.Select(static key => $"identity of {key}")];
        _network.Clear();
        _identity.Clear();
        return taken;
    }
}
