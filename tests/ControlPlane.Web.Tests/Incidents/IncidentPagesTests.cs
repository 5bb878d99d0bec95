using Bunit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Incidents;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Web.Incidents;
using ControlPlane.Web.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Web.Tests.Incidents;

public sealed class IncidentPagesTests : ConsoleTest
{
    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private IncidentCommands Commands => Console.Services.GetRequiredService<IncidentCommands>();

    public IncidentPagesTests() => Console.Show(Samples.Service("order"));

    [Fact]
    public async Task An_incident_is_declared_from_the_list_and_its_page_opened()
    {
        var page = Console.Render<IncidentsPage>();
        page.WaitForAssertion(() => Assert.Contains("No incident is open", page.Markup, StringComparison.Ordinal));

        await page.Find("dialog select").ChangeAsync("P1");
        await page.FindAll("dialog input")[0].InputAsync("payments fail");
        await page.FindAll("dialog input")[1].InputAsync("shop/order");
        await page.FindAll("dialog button")[1].ClickAsync();

        await page.WaitForStateAsync(() => Console.Address == "/incidents/1");
    }

    [Fact]
    public async Task A_draft_that_does_not_do_is_told_with_what_is_wrong()
    {
        var page = Console.Render<IncidentsPage>();
        await page.Find("dialog select").ChangeAsync("P1");
        await page.FindAll("dialog input")[0].InputAsync("payments fail");
        await page.FindAll("dialog input")[1].InputAsync("shop/nobody");
        await page.FindAll("dialog button")[1].ClickAsync();

        Assert.Contains("there is no service 'shop/nobody'", (await page.WaitForElementAsync("[role=alert]")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_says_which_incidents_are_shown()
    {
        await DeclareAsync(IncidentSeverity.P2, "slow");
        await Commands.ResolveAsync((await DeclareAsync(IncidentSeverity.P0, "all is lost")).Number, "found again", Cancel);

        Assert.Equal(["INC-1"], await OpenAsync("/incidents"));
        Assert.Equal(["INC-2"], await OpenAsync("/incidents?state=resolved"));
        Assert.Equal(["INC-2", "INC-1"], await OpenAsync("/incidents?state=all&sort=severity"));
        Assert.Equal(["INC-1"], await OpenAsync("/incidents?state=all&severity=P2&severity=P9"));
    }

    [Fact]
    public async Task A_page_of_one_shows_what_becomes_known_and_offers_what_may_be_done()
    {
        var incident = await DeclareAsync(IncidentSeverity.P1, "payments fail");
        var page = Console.Render<IncidentPage>(parameters => parameters.Add(shown => shown.Number, incident.Number));
        Assert.Contains("INC-1: payments fail", (await page.WaitForElementAsync("h1:not(.visually-hidden)")).TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll("dialog").Count);

        await Commands.NoteAsync(incident.Number, "the bank answers 503", Cancel);
        page.WaitForAssertion(() => Assert.Contains("the bank answers 503", page.Find(".timeline").TextContent, StringComparison.Ordinal));

        await page.FindAll("dialog")[1].QuerySelector("textarea")!.InputAsync("the bank is back");
        await page.FindAll("dialog")[1].QuerySelectorAll("button")[1].ClickAsync();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("dialog")));
        Assert.Contains("Resolved", page.Find(".title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_looks_is_offered_nothing_and_what_is_not_there_is_said()
    {
        var incident = await DeclareAsync(IncidentSeverity.P1, "payments fail");
        Console.SignIn(Role.Viewer);

        var page = Console.Render<IncidentPage>(parameters => parameters.Add(shown => shown.Number, incident.Number));
        await page.WaitForElementAsync(".timeline li");
        Assert.Empty(page.FindAll("dialog"));
        var none = Console.Render<IncidentPage>(parameters => parameters.Add(shown => shown.Number, 99));
        none.WaitForAssertion(() => Assert.Contains("There is no incident INC-99", none.Markup, StringComparison.Ordinal));
    }

    private Task<Incident> DeclareAsync(IncidentSeverity severity, string title) => Commands.DeclareAsync(new(severity, title, ["shop/order"]), Cancel);

    private async Task<string[]> OpenAsync(string address)
    {
        Console.GoTo(address);
        var page = Console.Render<IncidentsPage>();
        await page.WaitForElementAsync("tbody tr");
        return [.. page.FindAll("tbody th").Select(static cell => cell.TextContent)];
    }
}
