using Gateway.Backends;

namespace Gateway.Tests.Backends;

public sealed class MaglevTableTests
{
    private static readonly string[] Names = [.. Enumerable.Range(1, 20).Select(number => $"10.0.0.{number}:8080")];
    private static readonly ulong[] Hashes = [.. Enumerable.Range(0, 20_000).Select(number => StableHash.Of($"user-{number}"))];

    [Fact]
    public void Every_instance_gets_nearly_the_same_share()
    {
        var table = new MaglevTable(Names);

        var shares = Hashes.CountBy(hash => table.Find(hash, static _ => true)).ToDictionary();

        Assert.Equal(20, shares.Count);
        Assert.All(shares.Values, share => Assert.InRange(share, 850, 1150)); // 1,000 each; five standard deviations are 154
    }

    [Fact]
    public void When_an_instance_goes_hardly_any_request_of_the_others_moves()
    {
        var (before, after) = (new MaglevTable(Names), new MaglevTable(Names[..^1]));

        var stayed = Hashes.Where(hash => before.Find(hash, static _ => true) != 19).ToList();
        var moved = stayed.Count(hash => before.Find(hash, static _ => true) != after.Find(hash, static _ => true));

        Assert.InRange(moved, 0, stayed.Count / 20);
    }

    [Fact]
    public void Requests_of_an_instance_that_is_left_out_go_to_all_the_others()
    {
        var table = new MaglevTable(Names);

        var homeless = Hashes.Where(hash => table.Find(hash, static _ => true) == 7).ToList();
        var shares = homeless.CountBy(hash => table.Find(hash, static index => index != 7)).ToDictionary();

        Assert.DoesNotContain(7, shares.Keys);
        Assert.Equal(19, shares.Count);
    }

    [Fact]
    public void Of_none_there_is_none() => Assert.Equal(-1, new MaglevTable([]).Find(1, static _ => true));
}
