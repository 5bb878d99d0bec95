using ControlPlane.Web.Retention;

namespace ControlPlane.Web.Tests.Retention;

public sealed class RetentionUrlTests
{
    [Theory]
    [InlineData("/retention")]
    [InlineData("/retention?tab=holds")]
    [InlineData("/retention?tab=holds&state=released&q=case%207&sort=reference&cursor=Mg")]
    [InlineData("/retention?tab=erasures&subject=c-77")]
    public void An_address_is_read_and_written_the_same(string address) => Assert.Equal(address, RetentionUrl.Read($"http://localhost{address}").Write());

    [Fact]
    public void Words_that_it_can_not_have_mean_nothing() => Assert.Equal(new RetentionUrl(), RetentionUrl.Read("http://localhost/retention?tab=colour&state=red"));
}
