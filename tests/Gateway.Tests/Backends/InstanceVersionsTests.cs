using ControlPlane.Kubernetes.Caching;
using Gateway.Backends;
using Gateway.Resources;

namespace Gateway.Tests.Backends;

public sealed class InstanceVersionsTests
{
    private readonly ObjectCache<PodInstance> _pods = new();
    private readonly InstanceVersions _versions;

    public InstanceVersionsTests() => _versions = new InstanceVersions(_pods);

    [Fact]
    public void Two_instances_of_a_service_can_be_of_two_versions()
    {
        Show("order-a", "10.88.0.1", "1.0.0");
        Show("order-b", "10.88.0.2", "2.0.0");
        Show("other", "10.88.0.3", version: null);

        Assert.Equal(["1.0.0", "2.0.0", null, null], [Of("10.88.0.1"), Of("10.88.0.2"), Of("10.88.0.3"), Of("10.88.0.9")]);
    }

    [Fact]
    public void An_address_that_was_given_to_another_pod_is_the_other_ones()
    {
        Show("order-a", "10.88.0.1", "1.0.0");
        Show("order-b", "10.88.0.1", "2.0.0");
        _pods.Remove(new("shop", "order-a"), last: null);

        Assert.Equal("2.0.0", Of("10.88.0.1"));

        _pods.Remove(new("shop", "order-b"), last: null);
        Assert.Null(Of("10.88.0.1"));
    }

    private string? Of(string address) => _versions.Of(new BackendEndpoint(address, 8080, address));

    private void Show(string name, string address, string? version) => _pods.Upsert(new PodInstance
    {
        Metadata = new() { Name = name, Namespace = "shop", Labels = version is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [InstanceVersions.Label] = version } },
        Status = new() { Address = address },
    });
}
