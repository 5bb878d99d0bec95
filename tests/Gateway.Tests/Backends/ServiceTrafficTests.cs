using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Backends;
using Gateway.Circuits;
using Gateway.Policies;
using Gateway.Reporting;

namespace Gateway.Tests.Backends;

/// <summary>What was counted outlives a change of what does not concern it.</summary>
public sealed class ServiceTrafficTests
{
    private static readonly RateLimit One = new() { Name = "one", Requests = 1, Window = TimeSpan.FromMinutes(1) };
    private static readonly CircuitOptions Breaker = new() { ConsecutiveErrors = 1 };

    private readonly ServiceTraffic _traffic = new(new ObjectKey("shop", "order"), store: null, new Shortfalls(), new TestClock());

    [Fact]
    public void A_limit_keeps_its_counts_when_its_paths_change_and_begins_anew_when_it_is_another()
    {
        _traffic.Use(new() { Limits = [One] });
        Assert.True(Take());

        _traffic.Use(new() { Limits = [One with { Paths = ["/login"] }] });
        Assert.False(Take());

        _traffic.Use(new() { Limits = [One with { Requests = 2 }] });
        Assert.True(Take());
    }

    [Fact]
    public void A_circuit_stays_open_when_its_open_time_changes_and_goes_when_it_is_no_longer_declared()
    {
        _traffic.Use(new() { Circuit = Breaker });
        _traffic.Circuit!.TryEnter(out var permit, out _);
        _traffic.Circuit.Complete(permit, CircuitOutcome.Error);

        _traffic.Use(new() { Circuit = Breaker with { OpenFor = TimeSpan.FromSeconds(1) } });
        Assert.Equal(CircuitState.Open, _traffic.Circuit!.State);

        _traffic.Use(new());
        Assert.Null(_traffic.Circuit);
    }

    private bool Take() => _traffic.Limits[0].Own.Take("", TimeSpan.FromHours(1)).IsWithin;
}
