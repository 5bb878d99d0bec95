using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Time.Testing;
using Operators.Rollouts;
using Operators.Rollouts.Holds;

namespace Operators.Tests.Rollouts.Holds;

public sealed class FreezeHoldsTests
{
    private static readonly DateTimeOffset Diwali = new(2026, 11, 7, 0, 0, 0, TimeSpan.FromHours(5.5));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(3599, true)]
    [InlineData(3600, false)]
    public async Task A_freeze_holds_from_its_first_second_to_its_last(int second, bool holds) => Assert.Equal(holds, (await FindAsync("shop", second)).Count > 0);

    [Fact]
    public async Task A_freeze_of_namespaces_holds_those_and_says_until_when_in_Indian_time_and_why()
    {
        Assert.Empty(await FindAsync("bank", 0, "shop"));
        Assert.Equal(
            new RolloutHold { Type = RolloutHoldTypes.Freeze, Message = "change freeze until 7 Nov 2026 01:00 IST: Diwali sale" },
            Assert.Single(await FindAsync("shop", 0, "shop")));
    }

    private static ValueTask<IReadOnlyList<RolloutHold>> FindAsync(string ns, int second, params string[] namespaces)
    {
        var options = new RolloutOptions { Freezes = [new ChangeFreeze(Diwali, Diwali.AddHours(1), "Diwali sale", namespaces)] };
        return new FreezeHolds(options, new FakeTimeProvider(Diwali.AddSeconds(second))).FindAsync(
            new CanaryRollout { Metadata = new() { Name = "order", Namespace = ns } }, [], TestContext.Current.CancellationToken);
    }
}
