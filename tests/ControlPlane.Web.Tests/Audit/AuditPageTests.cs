using Bunit;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Web.Audit;
using ControlPlane.Web.Tests.Testing;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Tests.Audit;

public sealed class AuditPageTests : ConsoleTest
{
    [Fact]
    public async Task Entries_show_who_did_what_to_what_newest_first()
    {
        await RecordAsync(SampleEvents.Of("manifests.apply", "shop/order") with { Reason = "INC-7" }, SampleEvents.Of("services.handover", "shop/cart", outcome: AuditOutcome.Refused));

        var page = Console.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr[data-index]").Count));
        var rows = page.FindAll("tr[data-index]").Select(row => row.TextContent).ToList();
        Assert.Contains("services.handover", rows[0], StringComparison.Ordinal);
        Assert.Contains("Refused", rows[0], StringComparison.Ordinal);
        Assert.Contains("INC-7", rows[1], StringComparison.Ordinal);
        Assert.Contains("shop/order", rows[1], StringComparison.Ordinal);
        Assert.Contains("2 entries", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_searches()
    {
        Console.GoTo("/audit?q=shop/cart&outcome=refused");
        await RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"), SampleEvents.Of("services.handover", "shop/cart", outcome: AuditOutcome.Refused));

        var page = Console.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains("services.handover", Assert.Single(page.FindAll("tr[data-index]")).TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_that_can_not_be_understood_is_explained_with_a_way_out()
    {
        Console.GoTo("/audit?q=colour:red");

        var page = Console.Render<AuditPage>();

        Assert.Contains("'colour:' is no word of the search", page.Find(".failure").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "/audit");
    }

    [Fact]
    public void An_empty_log_says_so()
    {
        var page = Console.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains("Nothing is on record yet", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_search_that_nothing_matches_says_so_and_can_be_cleared()
    {
        await RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        Console.GoTo("/audit?actor=nobody");

        var page = Console.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains("No entry matches", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Who_may_not_read_the_log_is_told_what_it_takes()
    {
        Console.SignIn(Role.Viewer);

        var page = Console.Render<AuditPage>();

        Assert.Contains("You may not read the audit log", page.Markup, StringComparison.Ordinal);
        Assert.Contains("compliance-officer", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("table"));
    }

    [Fact]
    public async Task Arrow_and_Enter_open_an_entry_with_its_change_and_what_belongs_to_it()
    {
        await RecordAsync(
            SampleEvents.Of("manifests.apply", "shop/order", correlation: "c1").Change("""{"spec":{"replicas":2}}""", """{"spec":{"replicas":3}}"""),
            SampleEvents.Of("reconcile.write", "shop/order", correlation: "c1"));
        var page = Console.Render<AuditPage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr[data-index]").Count));

        Press(page, "ArrowDown");
        Press(page, "ArrowDown");
        Press(page, "Enter");

        Assert.Equal("/audit?entry=0", Console.Address);
        page.WaitForAssertion(() => Assert.Contains("replicas: 3", page.Find(".pane").TextContent, StringComparison.Ordinal));
        Assert.Contains("reconcile.write", page.Find(".related").TextContent, StringComparison.Ordinal);
        Assert.Equal("entry-0", page.Find("table[role=grid]").GetAttribute("aria-activedescendant"));
    }

    [Fact]
    public async Task Verify_shows_each_step_and_its_result()
    {
        await RecordAsync([.. Enumerable.Range(0, 7).Select(i => SampleEvents.Of("manifests.apply", $"shop/s{i}"))]);
        Console.Audit.Sign();
        Console.GoTo("/audit?entry=3");
        var page = Console.Render<AuditPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".proof svg")));

        Button(page, "Verify").Click();

        page.WaitForAssertion(() => Assert.Contains("The entry is as it was recorded", page.Find(".verdict").TextContent, StringComparison.Ordinal));
        Assert.Equal(4, page.FindAll(".steps li").Count);
    }

    [Fact]
    public async Task A_changed_entry_does_not_verify()
    {
        await RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"), SampleEvents.Of("manifests.apply", "shop/cart"));
        Console.Audit.Sign();
        Console.Audit.Tamper(0, """{"action":"manifests.apply","actor":{"id":"u-2","kind":"person","via":"console"},"outcome":"succeeded","recordedAt":"2026-11-23T06:30:00.000Z","occurredAt":"2026-11-23T06:30:00.000Z"}""");
        Console.GoTo("/audit?entry=0");
        var page = Console.Render<AuditPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".proof svg")));

        Button(page, "Verify").Click();

        page.WaitForAssertion(() => Assert.Contains("was changed", page.Find(".verdict").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_entry_without_a_checkpoint_says_that_one_will_come()
    {
        await RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        Console.GoTo("/audit?entry=0");

        var page = Console.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains("No signed checkpoint covers this entry yet", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_witness_the_banner_says_what_is_not_protected()
    {
        await RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        Console.Audit.Sign();

        var page = Console.Render<AuditPage>();

        page.WaitForAssertion(() => Assert.Contains("nobody outside watches it", page.Find(".health").TextContent, StringComparison.Ordinal));
    }

    private Task RecordAsync(params IReadOnlyList<AuditEvent> events) => Console.Audit.AppendAsync(events, Xunit.TestContext.Current.CancellationToken);

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<AuditPage> page, string words) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == words);

    private static void Press(IRenderedComponent<AuditPage> page, string key) => page.Find("table[role=grid]").KeyDown(new KeyboardEventArgs { Key = key });
}
