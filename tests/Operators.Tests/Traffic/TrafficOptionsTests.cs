using Microsoft.Extensions.Configuration;
using Operators.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

public sealed class TrafficOptionsTests
{
    [Theory]
    [InlineData("istio")]
    [InlineData("gateway-api")]
    [InlineData("kong")]
    [InlineData("dabbawala")]
    public void Every_provider_can_be_named(string name) => Assert.Equal(name, Read("Provider", name).Provider);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Nothing_said_means_discovery(string? nothing) => Assert.Equal(TrafficOptions.Default, Read("Provider", nothing));

    [Theory]
    [InlineData("linkerd")]
    [InlineData("Istio")]
    public void A_name_that_is_none_is_refused_with_the_setting_and_what_it_may_be(string name)
    {
        var refused = Assert.Throws<FormatException>(() => Read("Provider", name));

        Assert.Equal($"Traffic:Provider is '{name}', and must be one of istio, gateway-api, kong, dabbawala, or absent to go by what the cluster serves", refused.Message);
    }

    [Theory]
    [InlineData("redis.infra", "redis.infra", 6379)]
    [InlineData("10.0.0.7:7000", "10.0.0.7", 7000)]
    public void A_store_of_shared_counters_has_a_host_and_a_port(string text, string host, int port) =>
        Assert.Equal(new SharedCounterStore(host, port), Read("SharedCounters", text).SharedCounters);

    [Theory]
    [InlineData("redis:0")]
    [InlineData("redis:65536")]
    [InlineData("redis:6379:1")]
    [InlineData(":6379")]
    [InlineData("redis:six")]
    public void A_store_that_can_not_be_is_refused_by_name(string text) =>
        Assert.StartsWith($"Traffic:SharedCounters is '{text}', and must be", Assert.Throws<FormatException>(() => Read("SharedCounters", text)).Message, StringComparison.Ordinal);

    private static TrafficOptions Read(string setting, string? value) =>
        TrafficOptions.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Traffic:{setting}", value)]).Build());
}
