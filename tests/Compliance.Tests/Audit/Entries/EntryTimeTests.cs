using System.Text;
using Compliance.Audit.Entries;
using CsCheck;

namespace Compliance.Tests.Audit.Entries;

public sealed class EntryTimeTests
{
    private static readonly DateTime First = new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Last = new(9999, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc);

    [Fact]
    public void A_time_that_is_written_by_hand_is_the_one_that_goes_by_the_pattern() => Gen.Select(Gen.DateTime[First, Last], Gen.Int[-14, 14]).Sample((utc, hours) =>
    {
        var offset = TimeSpan.FromHours(hours);
        var time = utc - First < TimeSpan.FromDays(1) || Last - utc < TimeSpan.FromDays(1)
            ? new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc))
            : new DateTimeOffset(DateTime.SpecifyKind(utc + offset, DateTimeKind.Unspecified), offset);
        var written = new byte[24];
        EntryTime.Write(time, written);
        Assert.Equal(EntryTime.Format(time), Encoding.ASCII.GetString(written));
    });
}
