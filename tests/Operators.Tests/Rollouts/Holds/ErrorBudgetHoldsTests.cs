using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Time.Testing;
using Operators.Metrics;
using Operators.Rollouts.Holds;
using Operators.Tests.Rollouts.Evidence;

namespace Operators.Tests.Rollouts.Holds;

public sealed class ErrorBudgetHoldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 6, 30, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly FakeTraffic _traffic = new() { Retention = TimeSpan.FromDays(30) };

    private ErrorBudgetHolds Holds => field ??= new(_traffic, _time);

    [Theory]
    [InlineData(10, false)] // just what is promised
    [InlineData(11, true)]
    public async Task A_budget_is_burnt_once_less_was_well_than_is_promised(long errors, bool isBurnt)
    {
        _traffic.Make(Now.AddDays(-2), Tracks.Stable, 10_000, errors);

        var holds = await FindAsync();

        Assert.Equal(isBurnt, holds.Count == 1);
        Assert.All(holds, static hold => Assert.Equal((RolloutHoldTypes.ErrorBudget, "the error budget of order is burnt: 99.89 % of the requests of 7 days were well, and 99.9 % are promised"), (hold.Type, hold.Message)));
    }

    [Fact]
    public async Task What_was_before_the_window_is_forgiven_and_a_service_that_promises_nothing_has_no_budget()
    {
        _traffic.Make(Now.AddDays(-8), Tracks.Stable, 10_000, 10_000);
        Assert.Empty(await FindAsync());

        _traffic.Make(Now.AddDays(-1), Tracks.Stable, 10_000, 10_000);
        Assert.Empty(await Holds.FindAsync(new(), [new ManagedService { Metadata = new() { Name = "order", Namespace = "shop" } }], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Less_than_a_day_of_traffic_is_no_budget()
    {
        _traffic.Retention = TimeSpan.FromHours(23);
        _traffic.Make(Now.AddHours(-1), Tracks.Stable, 10_000, 10_000);

        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_source_that_is_away_leaves_what_was_known()
    {
        _traffic.Make(Now.AddDays(-1), Tracks.Stable, 10_000, 10_000);
        var known = await FindAsync();
        _time.Advance(TimeSpan.FromMinutes(6));
        _traffic.Failure = new MetricsException(MetricsFailure.Unreachable, "no answer");

        Assert.Equal(known, await FindAsync());
        Assert.Single(known);
    }

    private ValueTask<IReadOnlyList<RolloutHold>> FindAsync() => Holds.FindAsync(
        new(),
        [new ManagedService { Metadata = new() { Name = "order", Namespace = "shop" }, Spec = new() { Slo = new() { Availability = "99.9", WindowDays = 7 } } }],
        TestContext.Current.CancellationToken);
}
