using System.Net;
using ControlPlane.Kubernetes.Resources;
using Gateway.Planning;
using Gateway.Resources;

namespace Gateway.Tests.Planning;

/// <summary>Which address each Gateway has.</summary>
public sealed class AddressPlannerTests
{
    private const string Pool = "127.90.0";

    [Fact]
    public void Gateways_without_an_address_have_the_first_free_ones_of_the_pool() =>
        Assert.Equal(["127.90.0.1", "127.90.0.3"], Assign(Gateway("a"), Gateway("asks", asked: "127.90.0.2"), Gateway("b")).Where((_, index) => index != 1));

    [Fact]
    public void A_Gateway_keeps_its_address_whoever_comes_before_it_in_the_order() =>
        Assert.Equal(["127.90.0.2", "127.90.0.1"], Assign(Gateway("counted"), Gateway("main", held: "127.90.0.1")));

    [Fact]
    public void Of_two_that_show_the_same_address_the_older_keeps_it() =>
        Assert.Equal(["127.90.0.5", "127.90.0.1"], Assign(Gateway("older", held: "127.90.0.5"), Gateway("younger", held: "127.90.0.5")));

    [Fact]
    public void An_address_that_another_asks_for_is_given_up() =>
        Assert.Equal(["127.90.0.2", "127.90.0.1"], Assign(Gateway("main", held: "127.90.0.1"), Gateway("asks", asked: "127.90.0.1")));

    [Fact]
    public void An_address_of_another_pool_is_not_kept() =>
        Assert.Equal(["127.90.0.1"], Assign(Gateway("main", held: "127.80.0.9")));

    [Fact]
    public void All_share_one_address_where_there_is_no_pool()
    {
        GatewayResource[] gateways = [Gateway("a", held: "127.90.0.1"), Gateway("b")];

        Assert.All(AddressPlanner.Assign(gateways, IPAddress.Loopback, pool: null).Values, assigned => Assert.Equal(IPAddress.Loopback, assigned.Address));
    }

    [Fact]
    public void A_pool_that_is_used_up_leaves_the_youngest_without()
    {
        GatewayResource[] gateways = [.. Enumerable.Range(1, 255).Select(number => Gateway($"gateway-{number}"))];

        var assigned = AddressPlanner.Assign(gateways, IPAddress.Loopback, Pool);

        Assert.Equal([gateways[^1].Metadata.Key], assigned.Where(item => item.Value.Address is null).Select(item => item.Key));
    }

    private static IEnumerable<string?> Assign(params GatewayResource[] gateways)
    {
        var assigned = AddressPlanner.Assign(gateways, IPAddress.Loopback, Pool);
        return gateways.Select(gateway => assigned[gateway.Metadata.Key].Address?.ToString());
    }

    private static GatewayResource Gateway(string name, string? asked = null, string? held = null) => new()
    {
        Metadata = new() { Namespace = "shop", Name = name },
        Spec = new() { Addresses = asked is null ? [] : [new GatewayAddress { Value = asked }] },
        Status = held is null ? null : new() { Addresses = [new() { Value = held }] },
    };
}
