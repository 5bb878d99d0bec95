using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Retention;
using ControlPlane.Api.Audit.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class AuditPrunerTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-prune-");
    private readonly RetentionPolicy _policy = new(RetentionRules.LoadShipped());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_whose_time_is_over_go_by_a_certificate_and_the_rest_stays()
    {
        await using var log = await OpenAsync();
        await log.FillAsync(600);
        var pruner = await AfterNineYearsAsync(log);

        var certificate = (await pruner.PruneAsync(TestLog.Actor, "their time is over", Cancel))!;

        var record = AuditEntryReader.Read((await log.Reader.ReadAsync(certificate.Index, certificate.Index + 1, Cancel).ToListAsync(Cancel))[0].Bytes);
        Assert.Equal((512L, 512L), (record.Details!["end"]!.GetValue<long>(), record.Details["rules"]!["companies-books"]!.GetValue<long>()));
        Assert.Equal(512, (await log.Reader.ReadAsync(0, 600, Cancel).ToListAsync(Cancel))[0].Index);
        Assert.Empty((await log.CheckAsync()).Findings);
        Assert.Null(await pruner.PruneAsync(TestLog.Actor, "again", Cancel));
    }

    [Fact]
    public async Task A_legal_hold_keeps_what_it_names_and_all_after_it_until_it_is_released()
    {
        await using var log = await OpenAsync();
        await log.FillAsync(300);
        await log.AppendAsync(log.Event(name: "disputed"));
        await log.FillAsync(300);
        await log.AppendAsync(LegalHold.Place("case-7", new AuditQuery { ObjectName = "disputed" }, "a proceeding", TestLog.Actor, log.Time.GetUtcNow()));
        var pruner = await AfterNineYearsAsync(log);
        Assert.Equal("case-7", Assert.Single(await pruner.HoldsAsync(Cancel)).Id);

        Assert.Equal(256, (await pruner.PlanAsync(Cancel))!.End);

        await log.AppendAsync(LegalHold.Release("case-7", "it is over", TestLog.Actor, log.Time.GetUtcNow()));
        Assert.Equal(512, (await pruner.PlanAsync(Cancel))!.End);
    }

    [Fact]
    public async Task Nothing_goes_before_its_time()
    {
        await using var log = await OpenAsync();
        await log.FillAsync(600);
        await log.Sequencer.CheckpointAsync(Cancel);

        Assert.Null(await new AuditPruner(log.Sequencer, log.Reader, _policy, log.Time).PlanAsync(Cancel));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<AuditPruner> AfterNineYearsAsync(TestLog log)
    {
        log.Time.AdjustTime(log.Time.GetUtcNow().AddYears(9)); // without nine years of ticks
        await log.Sequencer.CheckpointAsync(Cancel);
        return new AuditPruner(log.Sequencer, log.Reader, _policy, log.Time);
    }

    private Task<TestLog> OpenAsync() =>
        TestLog.OpenAsync(new SqliteAuditStore(Path.Combine(_directory.FullName, "audit.db")), time: new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));
}
