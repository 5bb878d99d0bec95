using Bunit;
using Compliance.Audit;
using Compliance.Audit.Testing;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Users;
using ControlPlane.Web.Retention;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Retention;

public sealed class RetentionPageTests : ConsoleTest
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Classes_tell_how_long_why_and_what_stops_a_prune()
    {
        await Console.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        Console.Audit.Sign();

        var page = Console.Render<RetentionPage>();

        page.WaitForAssertion(() => Assert.Contains("Entry 0 of class governance", page.Find(".prune").TextContent, StringComparison.Ordinal));
        Assert.Contains("must stay until 31 Mar 2035, and all after it as long: companies-books wants it", page.Find(".prune").TextContent, StringComparison.Ordinal);
        Assert.Contains("CGST Act 2017, s.36", page.Find("table").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim().StartsWith("Prune", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Holds_are_shown_with_the_names_of_who_placed_them()
    {
        await using (var store = Console.OpenStore())
        {
            store.Add(new User { Id = "u_meera", Name = "meera", DisplayName = "Meera Nair", Grants = [], Created = Now });
            await store.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        await HoldAsync("hold_1", "case 7", new AuditQuery { Namespaces = ["shop"], ObjectName = "order" }, "u_meera");
        await HoldAsync("hold_2", "case 8", new AuditQuery(), "u_gone");
        Console.GoTo("/retention?tab=holds");

        var page = Console.Render<RetentionPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Contains("namespace shop, service order", page.Markup, StringComparison.Ordinal);
        Assert.Contains("the whole log", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Equal("/audit?actor=u_meera", page.FindAll("a").Single(link => link.TextContent == "Meera Nair").GetAttribute("href"));
        Assert.Contains("unknown or erased actor", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_hold_it_says_what_one_is_for()
    {
        Console.GoTo("/retention?tab=holds");

        var page = Console.Render<RetentionPage>();

        page.WaitForAssertion(() => Assert.Contains("No legal hold stands", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_person_is_found_and_what_was_typed_is_not_in_the_address()
    {
        await Console.Audit.RecordAsync(SampleEvents.Of("session.start", at: Now) with { PersonalData = [new PersonalDatum("c-77", "customer.email", "asha@example.com")] });
        Console.GoTo("/retention?tab=erasures");
        var page = Console.Render<RetentionPage>();
        var fields = page.FindAll(".find input");
        fields[0].Input("asha@example.com");
        page.FindAll(".find input")[1].Input("DPR-17");

        page.Find(".find form").Submit();

        page.WaitForAssertion(() => Assert.Contains("c-77", page.Find(".found").TextContent, StringComparison.Ordinal));
        Assert.Contains("certin-logs wants them kept", page.Find(".found").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("asha", Console.Address, StringComparison.Ordinal);
        Assert.Equal("", page.FindAll(".find input")[0].GetAttribute("value") ?? "");
    }

    [Theory]
    [InlineData(Role.PlatformEngineer)]
    [InlineData(Role.Viewer)]
    public void Who_may_not_is_told_what_it_takes(Role role)
    {
        Console.SignIn(role);

        Assert.Contains("You may not see how long the audit log is kept", Console.Render<RetentionPage>().Markup, StringComparison.Ordinal);
    }

    private Task<long> HoldAsync(string id, string reference, AuditQuery scope, string by) =>
        Console.Audit.RecordAsync(LegalHold.Place(id, reference, scope, "a proceeding", new AuditActor(AuditActorKind.Person, by, "console"), correlationId: null, Now));
}
