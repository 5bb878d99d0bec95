using Bunit;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.History;
using ControlPlane.Web.History;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.History;

public sealed class HistoryPageTests : ConsoleTest
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Changes_say_what_who_and_why()
    {
        await Console.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order", actor: "u-9", outcome: AuditOutcome.Attempted) with { Reason = "INC-7" });
        await Console.Audit.RecordAsync(HistoryEvent.Of(Samples.Service("order"), HistoryChangeKind.Created, Now));
        Console.GoTo("/history?to=2026-11-24");

        var page = Console.Render<HistoryPage>();

        page.WaitForAssertion(() => Assert.Contains("INC-7", page.Find(".changes li").TextContent, StringComparison.Ordinal));
        Assert.Contains("Created", page.Find(".changes li").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 change", page.Find(".changes [role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_shown_as_it_was_at_the_instant_of_the_address()
    {
        await Console.Audit.RecordAsync(HistoryEvent.Of(Samples.Service("order"), HistoryChangeKind.Created, Now));
        Console.GoTo("/history?namespace=shop&service=order&to=2026-11-24&at=2026-11-23T12:30");

        var page = Console.Render<HistoryPage>();

        page.WaitForAssertion(() => Assert.Contains("fleet/order:1.0.0", page.Find(".then-pane").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Before_it_was_declared_there_is_nothing()
    {
        await Console.Audit.RecordAsync(HistoryEvent.Of(Samples.Service("order"), HistoryChangeKind.Created, Now));
        Console.GoTo("/history?namespace=shop&service=order&to=2026-11-24&at=2026-11-20");

        var page = Console.Render<HistoryPage>();

        page.WaitForAssertion(() => Assert.Contains("Nothing was on record of it by then", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_slider_goes_to_another_instant()
    {
        await Console.Audit.RecordAsync(HistoryEvent.Of(Samples.Service("order"), HistoryChangeKind.Created, Now));
        Console.GoTo("/history?namespace=shop&service=order&from=2026-11-23&to=2026-11-24");
        var page = Console.Render<HistoryPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("input[type=range]")));

        page.Find("input[type=range]").Change("3600");

        Assert.Contains("at=2026-11-22T19%3A30%3A00Z", Console.Address, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_see_the_history_is_told_what_it_takes()
    {
        Console.SignIn(Role.Viewer);

        Assert.Contains("You may not see the fleet", Console.Render<HistoryPage>().Markup, StringComparison.Ordinal);
    }
}
