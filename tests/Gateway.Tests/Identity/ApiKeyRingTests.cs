using System.Text;
using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class ApiKeyRingTests
{
    private readonly ApiKeyRing _ring = new(new Dictionary<string, byte[]>
    {
        ["courier"] = Encoding.UTF8.GetBytes("k-courier"),
        ["empty"] = [],
        ["bank"] = Encoding.UTF8.GetBytes("k-bank"),
    });

    [Theory]
    [InlineData("k-courier", "courier")]
    [InlineData("k-bank", "bank")]
    [InlineData("k-ban", null)]
    [InlineData("k-bank ", null)]
    [InlineData("", null)]
    public void A_key_is_its_clients_or_nobodys(string key, string? client) => Assert.Equal(client, _ring.ClientOf(key));

    [Fact]
    public void A_key_that_is_longer_than_any_is_nobodys() => Assert.Null(_ring.ClientOf(new string('x', ApiKeyRing.LongestKey + 1)));
}
