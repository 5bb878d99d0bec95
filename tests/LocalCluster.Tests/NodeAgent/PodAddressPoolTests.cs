using CsCheck;
using LocalCluster.NodeAgent;
using LocalCluster.NodeAgent.Network;

namespace LocalCluster.Tests.NodeAgent;

public sealed class PodAddressPoolTests
{
    [Fact]
    public void No_two_pods_have_the_same_address_however_they_come_and_go()
    {
        // Numbers of pods that come, or that leave when they are there.
        Gen.Int[0, 20].Array[1, 200].Sample(steps =>
        {
            var pool = new PodAddressPool("127.88");
            var held = new Dictionary<int, string>();
            foreach (var pod in steps)
            {
                if (held.Remove(pod, out var address))
                {
                    pool.Return(address);
                }
                else
                {
                    held[pod] = pool.Take($"uid-{pod}");
                }

                Assert.Equal(held.Count, held.Values.Distinct(StringComparer.Ordinal).Count());
                Assert.All(held, entry => Assert.True(pool.TryKeep(entry.Value, $"uid-{entry.Key}")));
            }
        });
    }

    [Fact]
    public void Some_addresses_are_left_for_others()
    {
        var (pool, network) = (new PodAddressPool("127.88"), new PodNetwork("10.88", "127.88"));
        var all = Enumerable.Range(0, 254 * 255).Select(number => pool.Take($"uid-{number}")).ToHashSet(StringComparer.Ordinal);

        Assert.Equal("127.88.255", network.SparePrefix);
        Assert.DoesNotContain(all, address => address.StartsWith("127.88.255.", StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => pool.Take("one more"));
    }

    [Fact]
    public void An_address_that_was_given_back_is_the_last_to_be_given_again()
    {
        var pool = new PodAddressPool("127.88");
        var first = pool.Take("a");
        pool.Return(first);

        Assert.NotEqual(first, pool.Take("b"));
    }

    [Fact]
    public void A_pod_keeps_its_address_if_it_is_the_pools_and_nobody_elses()
    {
        var pool = new PodAddressPool("127.88");

        Assert.True(pool.TryKeep("127.88.0.1", "a"));
        Assert.True(pool.TryKeep("127.88.0.1", "a"));
        Assert.False(pool.TryKeep("127.88.0.1", "b"));
        Assert.False(pool.TryKeep("10.88.0.1", "c"));
        Assert.NotEqual("127.88.0.1", pool.Take("d"));
    }
}
