using System.Net;
using ControlPlane.Kubernetes.Caching;
using Gateway.Backends;
using Gateway.Resources;

namespace Gateway.Tests.Backends;

public sealed class SourceDirectoryTests
{
    private readonly ObjectCache<EndpointSlice> _slices = new();
    private readonly SourceDirectory _sources;

    public SourceDirectoryTests() => _sources = new SourceDirectory(_slices, address => address.Replace("10.88.", "127.88.", StringComparison.Ordinal));

    [Fact]
    public void An_address_is_that_of_the_service_whose_instance_it_is()
    {
        Show("order-1", "order", "10.88.0.1");

        Assert.Equal("shop/order", Of("127.88.0.1"));
        Assert.Equal("", Of("127.88.0.2"));
        Assert.Equal("", _sources.Of(null));
        Assert.Equal("shop/order", _sources.Of(IPAddress.Parse("::ffff:127.88.0.1")));
    }

    [Fact]
    public void It_follows_instances_that_go_and_addresses_that_are_given_to_others()
    {
        Show("order-1", "order", "10.88.0.1", "10.88.0.2");
        Show("order-1", "order", "10.88.0.2");
        Show("user-1", "user", "10.88.0.1");

        Assert.Equal("shop/user", Of("127.88.0.1"));
        Assert.Equal("shop/order", Of("127.88.0.2"));

        _slices.Remove(new("shop", "order-1"), last: null);
        Assert.Equal("", Of("127.88.0.2"));
    }

    [Fact]
    public void An_instance_of_two_services_is_that_of_the_one_with_the_shorter_name()
    {
        Show("canary-1", "order-canary", "10.88.0.1");
        Show("order-1", "order", "10.88.0.1");
        Assert.Equal("shop/order", Of("127.88.0.1"));

        _slices.Remove(new("shop", "order-1"), last: null);
        Assert.Equal("shop/order-canary", Of("127.88.0.1"));
    }

    private string Of(string address) => _sources.Of(IPAddress.Parse(address));

    private void Show(string name, string service, params string[] addresses) => _slices.Upsert(new EndpointSlice
    {
        Metadata = new() { Name = name, Namespace = "shop", Labels = new Dictionary<string, string> { [EndpointSlice.ServiceLabel] = service } },
        Endpoints = [.. addresses.Select(address => new SliceEndpoint { Addresses = [address] })],
    });
}
