using Bunit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Web.Exports;
using ControlPlane.Web.Tests.Testing;

namespace ControlPlane.Web.Tests.Exports;

public sealed class ExportsPageTests : ConsoleTest
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Before_anything_is_made_it_says_how_many_entries_it_would_hold()
    {
        await using var store = Console.OpenStore();
        await Console.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        await Console.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/cart"));
        Console.GoTo("/exports?from=2026-11-01&to=2026-11-30&namespace=shop&service=order");

        var page = Console.Render<ExportsPage>();

        page.WaitForAssertion(() => Assert.Contains("It would hold 1 entry.", page.Find(".form [role=status]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_period_nothing_can_be_asked_for()
    {
        await using var store = Console.OpenStore();

        var page = Console.Render<ExportsPage>();

        Assert.Contains("Choose from when on.", page.Find(".form [role=status]").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));
        page.WaitForAssertion(() => Assert.Contains("Nothing was exported yet", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_finished_export_tells_digest_command_and_where_to_download_it()
    {
        await using var store = Console.OpenStore();
        var job = Job(ExportState.Done);
        (job.Sha256, job.Bytes, job.Entries) = (new string('a', 64), 123_456, 12);
        store.Add(job);
        await store.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);

        var page = Console.Render<ExportsPage>();

        page.WaitForAssertion(() => Assert.Contains(job.Sha256!, page.Find("article").TextContent, StringComparison.Ordinal));
        Assert.Contains("dabbawala-verify", page.Find("article").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/api/v1/exports/{job.Id}/content", page.Find("article a.download").GetAttribute("href"));
    }

    [Fact]
    public async Task A_running_one_shows_how_far_it_is_and_can_be_called_off()
    {
        await using var store = Console.OpenStore();
        var job = Job(ExportState.Running);
        (job.Part, job.Rows, job.Entries) = ("data/entries.csv", 50, 100);
        store.Add(job);
        await store.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        var page = Console.Render<ExportsPage>();

        page.WaitForAssertion(() => Assert.Equal("0.625", page.Find("progress").GetAttribute("value")));

        Assert.Contains(page.FindAll("article button"), button => button.TextContent.Trim() == "Call off");
    }

    [Fact]
    public void Who_may_not_export_is_told_what_it_takes()
    {
        Console.SignIn(Role.PlatformEngineer);

        Assert.Contains("You may not export from the audit log", Console.Render<ExportsPage>().Markup, StringComparison.Ordinal);
    }

    private static ExportJob Job(ExportState state) => new()
    {
        Id = Guid.CreateVersion7(Now),
        RequestedBy = "u-1",
        RequestedAt = Now,
        From = Now.AddDays(-1),
        To = Now,
        Size = 30,
        Checkpoint = "",
        State = state,
    };
}
