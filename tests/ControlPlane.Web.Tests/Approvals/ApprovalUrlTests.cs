using ControlPlane.Web.Approvals;

namespace ControlPlane.Web.Tests.Approvals;

public sealed class ApprovalUrlTests
{
    private static readonly Guid Id = Guid.Parse("019acd0a-0000-7000-8000-000000000001");

    [Fact]
    public void What_is_shown_is_in_the_address()
    {
        var shown = new ApprovalUrl(Decided: true, Mine: true, Id);

        Assert.Equal(shown, ApprovalUrl.Read($"http://console{shown.Write()}"));
        Assert.Equal("/approvals", new ApprovalUrl().Write());
    }

    [Theory]
    [InlineData("?request=none&state=soon&mine=perhaps")]
    [InlineData("")]
    public void Words_that_mean_nothing_are_passed_over(string query) => Assert.Equal(new ApprovalUrl(), ApprovalUrl.Read($"http://console/approvals{query}"));
}
