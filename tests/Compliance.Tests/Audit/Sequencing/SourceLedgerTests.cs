using Compliance.Audit.Sequencing;
using CsCheck;

namespace Compliance.Tests.Audit.Sequencing;

public sealed class SourceLedgerTests
{
    [Fact]
    public void Whatever_the_order_what_is_missing_is_what_never_came() => Gen.Int[1, 40].Array[0, 60].Sample(
        numbers =>
        {
            var ledger = new SourceLedger([]);
            HashSet<long> came = [];
            foreach (var number in numbers)
            {
                Assert.Equal(!came.Add(number), ledger.Take("s", number) == SequenceVerdict.Repeats);
            }

            ledger.Commit();
            var missing = ledger.WithGaps.SelectMany(static source => source.Missing).SelectMany(static range => Range(range.First, range.Last));
            Assert.Equal(Range(1, came.DefaultIfEmpty(0).Max()).Where(number => !came.Contains(number)), missing);
        },
        iter: 500);

    [Fact]
    public void What_is_rolled_back_never_came()
    {
        var ledger = new SourceLedger([]);
        ledger.Take("s", 5);
        ledger.Rollback();

        Assert.Equal(SequenceVerdict.InOrder, ledger.Take("s", 1));
        Assert.Empty(ledger.WithGaps);
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var number = first; number <= last; number++)
        {
            yield return number;
        }
    }
}
