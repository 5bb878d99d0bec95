using ControlPlane.Api.Audit;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Tests.Audit;

public sealed class InstantTests
{
    [Theory]
    [InlineData("2026-11-27T04:30:00Z")]
    [InlineData("2026-11-27T10:00:00+05:30")]
    [InlineData("2026-11-27T10:00:00 05:30")] // the plus sign came as a space
    [InlineData("2026-11-27T10:00")]
    [InlineData("2026-11-27T10:00:00")]
    [InlineData("2026-11-27T04:30:00.000Z")]
    public void An_instant_is_read_in_any_common_form_and_means_India_without_an_offset(string text) =>
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 4, 30, 0, TimeSpan.Zero), Instant.Read("from", text));

    [Fact]
    public void A_date_begins_at_midnight_of_India() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 18, 30, 0, TimeSpan.Zero), Instant.Read("from", "2026-11-27"));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("27-11-2026")]
    [InlineData("2026-13-01")]
    public void Anything_else_is_refused_by_its_field(string text) =>
        Assert.Equal("from", Assert.Throws<RequestException>(() => Instant.Read("from", text)).Field);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var at = new DateTimeOffset(2026, 11, 27, 10, 0, 0, 123, TimeSpan.FromHours(5.5));

        Assert.Equal(at, Instant.Read("at", Instant.Write(at)));
    }
}
