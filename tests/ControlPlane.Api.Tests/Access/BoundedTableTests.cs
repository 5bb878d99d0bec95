using ControlPlane.Api.Access.Suspicion;
using CsCheck;

namespace ControlPlane.Api.Tests.Access;

public sealed class BoundedTableTests
{
    [Fact]
    public void It_holds_the_keys_that_were_touched_last_and_no_more() => Gen.Select(Gen.Int[1, 8], Gen.Int[0, 20].List[0, 200]).Sample((capacity, keys) =>
    {
        var table = new BoundedTable<int, int>(capacity);
        keys.ForEach(key => table.Update(key, before => before + 1));

        var last = Enumerable.Reverse(keys).Distinct().Take(capacity).ToHashSet();
        return table.Count == last.Count && table.Snapshot().Select(entry => entry.Key).ToHashSet().SetEquals(last);
    });

    [Fact]
    public void A_million_keys_leave_no_more_than_its_capacity()
    {
        var table = new BoundedTable<int, int>(1000);
        for (var key = 0; key < 1_000_000; key++)
        {
            table.Update(key, _ => key);
        }

        Assert.Equal(1000, table.Count);
        Assert.True(table.TryGet(999_999, out _));
        Assert.False(table.TryGet(0, out _));
    }
}
