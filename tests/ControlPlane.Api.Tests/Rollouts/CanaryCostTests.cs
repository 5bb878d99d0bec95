using ControlPlane.Api.Rollouts.Cost;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Api.Tests.Rollouts;

public sealed class CanaryCostTests
{
    private static readonly ResourcePrices Prices = new(4.15m, 0.83m, "the price list", new(2026, 11, 1));

    [Fact]
    public void It_costs_what_its_instances_request_for_as_long_as_they_are_there()
    {
        var cost = CanaryCost.Of([new(Rollout.Now.AddHours(-2), 0.5m, 0.25m), new(Rollout.Now.AddMinutes(-30), 0.5m, 0.25m)], Prices, Rollout.Now);

        Assert.Equal((2, 1.25m, 0.625m), (cost.Instances, cost.CpuCoreHours, cost.MemoryGibHours));
        Assert.Equal(5.71m, cost.Amount); // 1.25 × 4.15 + 0.625 × 0.83 = 5.70625
    }

    [Fact]
    public void Without_prices_there_is_no_amount() => Assert.Null(CanaryCost.Of([new(Rollout.Now.AddHours(-2), 0.5m, 0.25m)], prices: null, Rollout.Now).Amount);

    [Fact]
    public void Prices_are_read_whole_or_not_at_all()
    {
        Assert.Null(ResourcePrices.Read(Configured()));
        Assert.Equal(Prices, ResourcePrices.Read(Configured(("CpuCoreHour", "4.15"), ("MemoryGibHour", "0.83"), ("Source", "the price list"), ("AsOf", "2026-11-01"))));
    }

    [Theory]
    [InlineData("CpuCoreHour", "cheap")]
    [InlineData("MemoryGibHour", "-1")]
    [InlineData("Source", "")]
    [InlineData("AsOf", "yesterday")]
    public void A_price_that_is_none_is_refused_by_its_name(string name, string value)
    {
        var settings = new Dictionary<string, string> { ["CpuCoreHour"] = "4.15", ["MemoryGibHour"] = "0.83", ["Source"] = "the price list", ["AsOf"] = "2026-11-01", [name] = value };

        var refused = Assert.Throws<InvalidOperationException>(() => ResourcePrices.Read(Configured([.. settings.Select(static setting => (setting.Key, setting.Value))])));

        Assert.StartsWith($"Cost:Prices:{name} must", refused.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configured(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create($"Cost:Prices:{setting.Name}", (string?)setting.Value))).Build();
}
