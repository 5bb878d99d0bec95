using LocalCluster.NodeAgent.Network;

namespace LocalCluster.Tests.NodeAgent;

public sealed class LoopbackRangeTests
{
    [Fact]
    public void Agents_beside_each_other_have_addresses_of_their_own()
    {
        using var one = LoopbackRange.TakeFree();
        using var other = LoopbackRange.TakeFree();

        Assert.NotEqual(one.Prefix, other.Prefix);
        Assert.All([one.Prefix, other.Prefix], prefix => Assert.StartsWith("127.", prefix));
    }
}
