using System.Text.Json.Nodes;
using Bunit;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Store;
using ControlPlane.Web.Approvals;
using ControlPlane.Web.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Web.Tests.Approvals;

public sealed class ApprovalsPageTests : ConsoleTest
{
    private static readonly Guid Waiting = Guid.Parse("019acd0a-0000-7000-8000-000000000001");
    private static readonly Guid Decided = Guid.Parse("019acd0a-0000-7000-8000-000000000002");

    [Fact]
    public async Task What_waits_is_listed_and_leaves_the_list_once_it_is_declined()
    {
        await StoreAsync(Waiting, ApprovalState.Pending);
        await StoreAsync(Decided, ApprovalState.Done);
        Become(Role.ComplianceOfficer);
        var page = Console.Render<ApprovalsPage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("article")));

        page.FindAll("dialog")[1].QuerySelector("textarea")!.Input("not before Diwali");
        await page.FindAll("dialog")[1].QuerySelectorAll("button")[1].ClickAsync();

        page.WaitForAssertion(() => Assert.Contains("Nothing waits for approval", page.Markup, StringComparison.Ordinal));
        var entry = Assert.Single(Console.Log.Events);
        Assert.Equal(("approvals.decline", "not before Diwali", AuditOutcome.Succeeded), (entry.Action, entry.Reason, entry.Outcome));
    }

    [Fact]
    public async Task A_link_to_a_request_opens_it_wherever_it_is_now()
    {
        await StoreAsync(Decided, ApprovalState.Done);
        Become(Role.ComplianceOfficer);
        Console.GoTo(ApprovalUrl.Of(Decided));

        var page = Console.Render<ApprovalsPage>();

        page.WaitForAssertion(() => Assert.Equal("true", page.Find("article .opener").GetAttribute("aria-expanded")));
    }

    [Fact]
    public void Who_may_not_is_told_so()
    {
        Become(Role.Viewer);

        var page = Console.Render<ApprovalsPage>();

        page.WaitForAssertion(() => Assert.Contains("You may not decide on approvals", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    private void Become(Role role) => Console.Services.GetRequiredService<CallerContext>().Become(
        new Caller { Kind = CallerKind.Person, Id = "u-2", DisplayName = "Ravi", Grants = [new RoleGrant(role)], Via = "console" });

    private async Task StoreAsync(Guid id, ApprovalState state)
    {
        await using var context = await Console.Services.GetRequiredService<IDbContextFactory<ControlPlaneContext>>().CreateDbContextAsync(Xunit.TestContext.Current.CancellationToken);
        context.Add(new ApprovalRequest
        {
            Id = id,
            Action = "manifests.apply",
            Subjects = [new CommandSubject("ManagedService", "shop", "cart")],
            Change = new JsonObject(),
            Plan = new CommandPlan("digest", [new PlannedChange("ManagedService", "shop", "cart", PlannedAction.Create, "", "spec: {}\n")]),
            Reason = "the sale begins",
            AskedBy = new Asker(CallerKind.Person, "u-1", "u-1", "console", []),
            AskerId = "u-1",
            AskedAt = new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero),
            DecidedByRoles = [],
            CorrelationId = "trace-1",
            State = state,
        });
        await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
    }
}
