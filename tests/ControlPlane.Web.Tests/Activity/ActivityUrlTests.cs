using ControlPlane.Api.Activity;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Activity;

namespace ControlPlane.Web.Tests.Activity;

public class ActivityUrlTests
{
    [Theory]
    [InlineData("/activity")]
    [InlineData("/activity?q=order%20%26%20more&kind=change&kind=event&namespace=shop&service=order&warnings=true")]
    public void An_address_brings_back_what_was_shown(string address) =>
        Assert.Equal(address, ActivityUrl.Write(ActivityUrl.Read($"http://console{address}")));

    [Fact]
    public void Each_word_narrows_what_is_shown()
    {
        var filter = ActivityUrl.Read("http://console/activity?kind=change&namespace=shop&warnings=true");

        Assert.Equal([ActivityKind.Change], filter.Kinds);
        Assert.Equal(("shop", true), (filter.Namespace, filter.WarningsOnly));
    }

    [Fact]
    public void A_kind_that_there_is_not_is_named() =>
        Assert.Contains("gossip", Assert.Throws<RequestException>(() => ActivityUrl.Read("http://console/activity?kind=gossip")).Message, StringComparison.Ordinal);
}
