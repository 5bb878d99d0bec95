using ControlPlane.Web.Audit;

namespace ControlPlane.Web.Tests.Audit;

public sealed class AuditUrlTests
{
    [Theory]
    [InlineData("/audit")]
    [InlineData("/audit?entry=12")]
    [InlineData("/audit?q=shop%2Forder&from=2026-11-01&to=2026-11-02&framework=RBI&outcome=refused&entry=12&namespace=pay&namespace=shop")]
    [InlineData("/audit?actor=u-1&action=session.*&kind=User&name=u-2&source=console&correlation=c1")]
    public void An_address_is_read_and_written_back(string address) => Assert.Equal(address, AuditUrl.Read($"http://localhost{address}").Write());

    [Fact]
    public void An_entry_that_is_open_does_not_narrow_the_search() => Assert.False(AuditUrl.Read("http://localhost/audit?entry=12").IsNarrowed);
}
