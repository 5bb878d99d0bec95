using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Retention;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class AuditPrunerTests : IAsyncLifetime
{
    private RetainedLog _log = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _log = await RetainedLog.OpenAsync();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Entries_whose_time_is_over_go_by_a_certificate_and_the_rest_stays()
    {
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);

        var (_, certificate) = (await PruneAsync())!.Value;

        var record = await EntryAsync(certificate.Index);
        Assert.Equal((512L, 512L), (record.Details!["end"]!.GetValue<long>(), record.Details["rules"]!["companies-books"]!.GetValue<long>()));
        Assert.Equal(512, (await _log.Log.Reader.ReadAsync(0, 600, Cancel).ToListAsync(Cancel))[0].Index);
        Assert.Empty((await _log.Log.CheckAsync()).Findings);
        Assert.Null(await PruneAsync());
    }

    [Fact]
    public async Task Exports_from_before_and_after_verify_and_a_checkpoint_from_before_the_prune_still_fits()
    {
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);
        Assert.True((await _log.VerifyExportAsync(new AuditQuery())).Passed);
        await PruneAsync();

        var whole = await _log.VerifyExportAsync(new AuditQuery());
        var filtered = await _log.VerifyExportAsync(new AuditQuery { ObjectName = "service-7" });

        Assert.True(whole.Passed, string.Join('\n', whole.Findings));
        Assert.True(filtered.Passed, string.Join('\n', filtered.Findings));
    }

    [Fact]
    public async Task A_legal_hold_keeps_what_it_names_and_all_after_it_until_it_is_released()
    {
        await _log.Log.FillAsync(300);
        await _log.Log.AppendAsync(_log.Log.Event(name: "disputed"));
        await _log.Log.FillAsync(300);
        await _log.PlaceHoldAsync(new AuditQuery { ObjectName = "disputed" });
        await _log.AfterYearsAsync(9);

        var held = await _log.Pruner.PlanAsync(Cancel);
        Assert.Equal((256L, 300L, "case 7"), (held.Certificate!.End, held.Stop!.Index, Assert.Single(held.Stop.Holds)));
        Assert.Null(held.NextOn);

        await _log.ReleaseHoldAsync();
        Assert.Equal(512, (await _log.Pruner.PlanAsync(Cancel)).Certificate!.End);
    }

    [Fact]
    public async Task The_entry_of_a_hold_stays_as_long_as_the_hold()
    {
        await _log.PlaceHoldAsync(new AuditQuery { ObjectName = "nothing-like-it" });
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);

        Assert.Equal(0, (await _log.Pruner.PlanAsync(Cancel)).Stop!.Index);
    }

    [Fact]
    public async Task A_hold_can_not_be_narrowed_or_released_by_placing_another_under_its_name_or_by_somebody_else_s_events()
    {
        await _log.Log.FillAsync(600);
        await _log.PlaceHoldAsync(new AuditQuery());
        await _log.PlaceHoldAsync(new AuditQuery { ObjectName = "nothing-like-it" });
        await _log.Log.AppendAsync(LegalHold.ReleaseOf("hold_1", "not ours", TestLog.Actor, null, null, _log.Log.Time.GetUtcNow()) with { Source = "shop/order" });
        await _log.AfterYearsAsync(9);

        Assert.Null((await _log.Pruner.PlanAsync(Cancel)).Certificate);
    }

    [Fact]
    public async Task Nothing_goes_before_its_time_and_the_day_when_more_goes_is_told()
    {
        await _log.Log.FillAsync(600);
        await _log.Log.Sequencer.CheckpointAsync(Cancel);

        var plan = await _log.Pruner.PlanAsync(Cancel);

        Assert.Null(plan.Certificate);
        Assert.Equal((0L, "companies-books", new DateOnly(2035, 3, 31)), (plan.Stop!.Index, plan.Stop.Rule, plan.Stop.Until));
        Assert.Equal(new DateOnly(2035, 4, 1), plan.NextOn);
        await _log.AfterAsync(new DateTimeOffset(2035, 3, 31, 18, 29, 0, TimeSpan.Zero)); // one minute before midnight in India
        Assert.Null((await _log.Pruner.PlanAsync(Cancel)).Certificate);
        await _log.AfterAsync(new DateTimeOffset(2035, 3, 31, 18, 30, 0, TimeSpan.Zero));
        Assert.Equal(512, (await _log.Pruner.PlanAsync(Cancel)).Certificate!.End);
    }

    [Fact]
    public async Task An_entry_of_a_class_that_no_rule_speaks_of_stays_for_ever_and_keeps_what_comes_after_it()
    {
        await _log.Log.FillAsync(260);
        await _log.Log.AppendAsync(_log.Log.Event() with { RetentionClass = "unheard-of" });
        await _log.Log.FillAsync(300);
        await _log.AfterYearsAsync(100);

        var plan = await _log.Pruner.PlanAsync(Cancel);

        Assert.Equal((256L, 260L, "unheard-of"), (plan.Certificate!.End, plan.Stop!.Index, plan.Stop.Class));
        Assert.Null(plan.NextOn);
    }

    [Fact]
    public async Task What_would_go_is_told_by_class_and_rule()
    {
        await _log.Log.AppendAsync([.. Enumerable.Range(0, 256).Select(i => _log.Log.Event() with { RetentionClass = i % 4 == 0 ? "security" : "operations" })]);
        await _log.AfterYearsAsync(2);

        var plan = await _log.Pruner.PlanAsync(Cancel);

        Assert.Equal(
            [("operations", "dpdp-processing-logs", 192L), ("security", "dpdp-security-logs", 64L)],
            plan.Goes.Select(gone => (gone.Class, gone.Rule, gone.Entries)));
        Assert.Equal(256, plan.Certificate!.ByRule.Values.Sum());
    }

    [Fact]
    public async Task A_log_that_somebody_changed_is_left_as_it_is()
    {
        await _log.Log.FillAsync(600);
        await _log.PlaceHoldAsync(new AuditQuery());
        await _log.AfterYearsAsync(9);
        Edit("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'retention.hold', 'retention.gone') AS BLOB) WHERE idx = 600");

        var refusal = await Assert.ThrowsAsync<RetentionException>(PruneAsync);

        Assert.Contains("entry 600 is not what was recorded", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _log.Prunable.PrunedTo);
    }

    [Fact]
    public async Task A_log_that_somebody_took_a_hold_out_of_is_left_as_it_is()
    {
        await _log.Log.FillAsync(600);
        await _log.PlaceHoldAsync(new AuditQuery());
        await _log.Log.FillAsync(10);
        await _log.AfterYearsAsync(9);
        Edit("DELETE FROM entry WHERE idx = 600");

        Assert.Contains("entry 600 of the log is missing", (await Assert.ThrowsAsync<RetentionException>(PruneAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_somebody_takes_an_entry_out_of_after_it_was_looked_through_is_left_as_it_is()
    {
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);
        await _log.Pruner.PlanAsync(Cancel);
        Edit("DELETE FROM entry WHERE idx = 300");

        Assert.Contains("entry 300 of the log is not there any more", (await Assert.ThrowsAsync<RetentionException>(PruneAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(0, _log.Prunable.PrunedTo);
    }

    [Fact]
    public async Task Entries_that_no_checkpoint_covers_stay()
    {
        await _log.Log.FillAsync(300);
        await _log.Log.Sequencer.CheckpointAsync(Cancel);
        await _log.Log.FillAsync(300);
        _log.Log.Time.AdjustTime(RetainedLog.Start.AddYears(9));

        Assert.Equal(256, (await _log.Pruner.PlanAsync(Cancel)).Certificate!.End);
    }

    [Fact]
    public async Task What_is_pruned_while_the_ledger_reads_is_not_missing()
    {
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);
        await PruneAsync();
        using var ledger = new RetentionLedger(_log.Log.Reader, new Late(_log.Prunable));

        var count = await ledger.ReadAsync(Cancel);

        Assert.Equal((null, 512L, 89L), (count.Missing, count.From, count.Classes["governance"].Entries));
    }

    [Fact]
    public async Task A_hold_that_is_placed_while_the_certificate_is_recorded_holds()
    {
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);
        _log.Use(new HoldBetween(_log.Log.Sequencer, () => _log.PlaceHoldAsync(new AuditQuery())));

        await Assert.ThrowsAsync<RetentionException>(PruneAsync);

        Assert.Equal(0, _log.Prunable.PrunedTo);
        var last = await EntryAsync(_log.Log.Reader.Size - 1);
        Assert.Equal((PruneCertificate.Action, AuditOutcome.Failed, 601L), (last.Action, last.Outcome, last.Details!["certificate"]!.GetValue<long>()));
    }

    [Fact]
    public async Task What_was_looked_at_goes_or_nothing()
    {
        await _log.Log.FillAsync(300);
        await _log.AfterYearsAsync(9);
        var seen = (await _log.Pruner.PlanAsync(Cancel)).Certificate;
        await _log.Log.FillAsync(600);
        await _log.AfterYearsAsync(9);

        await Assert.ThrowsAsync<RetentionException>(() => _log.Pruner.PruneAsync(seen, TestLog.Actor, "their time is over", null, Cancel));

        Assert.Equal(0, _log.Prunable.PrunedTo);
    }

    [Fact]
    public async Task Personal_data_go_with_the_entries_that_commit_to_them()
    {
        await _log.Log.AppendAsync([.. Enumerable.Range(0, 2500).Select(i => _log.Log.Event() with { PersonalData = [new PersonalDatum($"u-{i % 2}", "actor.address", $"203.0.113.{i % 250}")] })]);
        await _log.AfterYearsAsync(9);
        Assert.Equal(1250, (await _log.Personal.DigestsAsync("u-0", Cancel)).Count); // more of them go than at once

        await PruneAsync();

        Assert.Equal(98, (await _log.Personal.DigestsAsync("u-0", Cancel)).Count); // those of the entries from 2304 on
        var left = (await EntryAsync(2304)).Commitments[0];
        Assert.NotNull(await _log.Personal.RevealAsync(new CommitmentReference(left.Subject, left.Field, left.Digest), Cancel));
    }

    private Task<(PruneCertificate Certificate, AuditReceipt Entry)?> PruneAsync() => _log.Pruner.PruneAsync(expected: null, TestLog.Actor, "their time is over", correlationId: null, Cancel);

    private async Task<AuditEntryRecord> EntryAsync(long index) => AuditEntryReader.Read((await _log.Log.Reader.ReadAsync(index, index + 1, Cancel).ToListAsync(Cancel))[0].Bytes);

    /// <summary>As who owns the file, and so can drop its triggers.</summary>
    private void Edit(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _log.DatabasePath, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = $"DROP TRIGGER entry_is_final; DROP TRIGGER entry_stays; {sql}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Knows of a prune only when it is asked a second time.</summary>
    private sealed class Late(IPrunableLog log) : IPrunableLog
    {
        private int _asked;

        public long PrunedTo => _asked > 1 ? log.PrunedTo : 0;

        public long SignedSize => log.SignedSize;

        public Task RefreshAsync(CancellationToken cancellationToken)
        {
            _asked++;
            return log.RefreshAsync(cancellationToken);
        }

        public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => log.CheckAsync(cancellationToken);

        public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => log.PruneAsync(end, certificate, cancellationToken);
    }

    /// <summary>Somebody places a hold just before the certificate comes.</summary>
    private sealed class HoldBetween(IAuditLog log, Func<Task> place) : IAuditLog
    {
        private bool _placed;

        public async Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
        {
            if (!_placed)
            {
                _placed = true;
                await place();
            }

            return await log.AppendAsync(events, cancellationToken);
        }
    }
}
