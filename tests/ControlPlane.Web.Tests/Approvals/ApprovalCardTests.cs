using Bunit;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Web.Approvals;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Approvals;

public sealed class ApprovalCardTests : ConsoleTest
{
    [Fact]
    public void A_request_says_who_wants_what_and_why()
    {
        var card = Render(Waiting);

        Assert.Contains("Apply manifests: ManagedService cart and 1 more", card.Find("h2").TextContent, StringComparison.Ordinal);
        Assert.Contains("u-1", card.Markup, StringComparison.Ordinal);
        Assert.Contains("the sale begins", card.Find(".reason").TextContent, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("table"));
    }

    [Fact]
    public void Opened_it_shows_the_change()
    {
        var card = Render(Waiting, isOpen: true);

        Assert.Contains(card.FindAll("td.after"), line => line.TextContent.Contains("tier: High", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false, new[] { "Approve …", "Decline …" })]
    [InlineData(false, true, new[] { "Withdraw" })]
    [InlineData(false, false, new string[0])]
    public void Only_who_may_gets_the_buttons(bool mayDecide, bool mayWithdraw, string[] buttons)
    {
        var card = Render(Waiting with { MayDecide = mayDecide, MayWithdraw = mayWithdraw });

        Assert.Equal(buttons, card.FindAll("article > .choices > button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public void Declining_takes_words()
    {
        var card = Render(Waiting with { MayDecide = true });
        var dialog = card.FindAll("dialog")[1];
        Assert.True(dialog.QuerySelectorAll("button")[1].HasAttribute("disabled"));

        dialog.QuerySelector("textarea")!.Input("not before Diwali");

        Assert.False(card.FindAll("dialog")[1].QuerySelectorAll("button")[1].HasAttribute("disabled"));
        Assert.False(card.FindAll("dialog")[0].QuerySelectorAll("button")[1].HasAttribute("disabled")); // to approve, nothing need be said
    }

    [Fact]
    public void What_was_decided_says_by_whom_and_how_it_ended()
    {
        var card = Render(Waiting with { State = ApprovalState.Failed, DecidedBy = "u-2", DecidedByName = "Ravi", DecidedAt = Waiting.AskedAt, Words = "agreed", Problem = "the quota is used up" });

        Assert.Contains("u-2", card.Markup, StringComparison.Ordinal);
        Assert.Contains("agreed", card.Markup, StringComparison.Ordinal);
        Assert.Equal("The quota is used up.", card.Find(".problem").TextContent);
    }

    private static ApprovalDetails Waiting { get; } = new()
    {
        Id = Guid.Parse("019acd0a-0000-7000-8000-000000000001"),
        State = ApprovalState.Pending,
        Action = "manifests.apply",
        Subjects = [new("ManagedService", "shop", "cart"), new("ManagedService", "shop", "order")],
        Reason = "the sale begins",
        AskedBy = "u-1",
        AskedByName = "Asha",
        AskedAt = new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero),
        ExpiresAt = new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero),
        Changes = [new PlannedChange("ManagedService", "shop", "cart", PlannedAction.Update, "spec:\n  tier: Standard\n", "spec:\n  tier: High\n")],
        CorrelationId = "trace-1",
        MayDecide = false,
        MayWithdraw = false,
        Version = 0,
    };

    private IRenderedComponent<ApprovalCard> Render(ApprovalDetails request, bool isOpen = false) =>
        Console.Render<ApprovalCard>(card => card.Add(c => c.Request, request).Add(c => c.IsOpen, isOpen));
}
