using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.SelfChecking;
using Compliance.Audit.Sequencing;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>What every store must do that several processes write to; each <see cref="TestLog"/> here is as a process of its own.</summary>
public abstract class SharedLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_of_two_processes_come_into_one_order_and_both_know_all_of_it()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());

        await first.FillAsync(300);
        await second.FillAsync(300);
        Assert.Equal(600, Assert.Single(await first.AppendAsync(first.Event("session.start"))).Index);
        Assert.Equal(601, Assert.Single(await second.AppendAsync(second.Event("session.end"))).Index);
        await first.UntilSizeAsync(602);

        Assert.Equal(second.Sequencer.Position.Edge.Root(), first.Sequencer.Position.Edge.Root());
        foreach (var log in (TestLog[])[first, second])
        {
            Assert.Equal([601, 600], (await log.SearchAsync(new AuditQuery { Action = "session.*" })).Select(static e => e.Index));
            Assert.Equal(600, await log.Reader.CountAsync(new AuditQuery { Action = "manifests.apply" }, 1000, Cancel));
            Assert.Empty((await log.CheckAsync()).Findings);
            Assert.Empty(log.Alarms.Raised);
        }
    }

    [Fact]
    public async Task Both_write_as_fast_as_they_can_and_each_caller_hears_where_his_event_is()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());

        var receipts = (await Task.WhenAll(Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? AppendAsync(first) : AppendAsync(second)))).ToList();

        Assert.Equal(Enumerable.Range(0, 400).Select(static i => (long)i), receipts.Select(static r => r.Index).Order());
        await first.UntilSizeAsync(400);
        var stored = await first.Reader.ReadAsync(0, 400, Cancel).ToDictionaryAsync(static e => e.Index, static e => AuditEntryReader.Read(e.Bytes).EventId, cancellationToken: Cancel);
        Assert.All(receipts, receipt => Assert.Equal(receipt.EventId, stored[receipt.Index]));
        Assert.Empty((await first.CheckAsync()).Findings);

        static async Task<AuditReceipt> AppendAsync(TestLog log)
        {
            await Task.Yield();
            return Assert.Single(await log.AppendAsync(log.Event()));
        }
    }

    [Fact]
    public async Task An_event_that_comes_by_both_is_recorded_once()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        var e = first.Event();
        await first.AppendAsync(first.Event(), e);

        var again = await second.AppendAsync(second.Event(), e);

        Assert.Equal([(2L, false), (1L, true)], again.Select(static r => (r.Index, r.IsDuplicate)));
        Assert.Equal(3, second.Reader.Size);
    }

    [Fact]
    public async Task Numbers_of_a_source_may_come_by_either()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());

        await first.AppendAsync(Numbered(first, 1));
        await second.AppendAsync(Numbered(second, 2));
        await first.AppendAsync(Numbered(first, 3), Numbered(first, 6));
        await second.UntilSizeAsync(4);
        Assert.Equal([new SequenceRange(4, 5)], Assert.Single(second.Sequencer.Health.Gaps).Missing);
        await second.AppendAsync(Numbered(second, 5), Numbered(second, 4));
        await first.UntilSizeAsync(6);

        Assert.Empty(first.Sequencer.Health.Gaps);
        Assert.Equal(AuditAlarmKind.SourceGap, Assert.Single(first.Alarms.Raised).Kind);
        Assert.Empty(second.Alarms.Raised);
        await using var third = await TestLog.OpenAsync(NewStore());
        Assert.Empty(third.Sequencer.Health.Gaps);

        static AuditEvent Numbered(TestLog log, long number) => log.Event() with { Source = "shop/web", SourceSequence = number };
    }

    [Fact]
    public async Task Recorded_times_do_not_go_back_when_the_clock_of_another_process_is_behind()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var behind = await TestLog.OpenAsync(NewStore(), time: new FakeTimeProvider(first.Time.GetUtcNow().AddHours(-1)));
        await first.AppendAsync(first.Event());
        await behind.AppendAsync(behind.Event());

        var times = (await behind.Reader.ReadAsync(0, 2, Cancel).ToListAsync(Cancel)).Select(static e => AuditEntryReader.Read(e.Bytes).RecordedAt).ToList();
        Assert.Equal(times[0], times[1]);
        Assert.Equal(AuditAlarmKind.ClockWentBack, Assert.Single(behind.Alarms.Raised).Kind);
    }

    [Fact]
    public async Task A_reader_follows_what_others_append_without_being_asked()
    {
        await using var writer = await TestLog.OpenAsync(NewStore());
        await using var reader = await TestLog.OpenAsync(NewStore());
        for (var size = 1; size <= 5; size++)
        {
            await writer.AppendAsync(writer.Event());
            await reader.UntilSizeAsync(size); // no time passes here, and so no tick comes
        }
    }

    [Fact]
    public async Task One_of_them_signs_while_both_are_there_and_the_other_when_it_has_gone()
    {
        var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        for (var i = 0; i < 4; i++)
        {
            await second.AppendAsync(second.Event());
            await first.UntilSizeAsync(i + 1);
            await TickAsync(first);
            await TickAsync(second);
        }

        Assert.Equal((4, 4), (first.Signer.Signed, first.Sequencer.Health.Checkpoint!.Size));
        Assert.Equal((0, 4), (second.Signer.Signed, second.Sequencer.Health.Checkpoint!.Size));

        await first.DisposeAsync();
        await second.AppendAsync(second.Event());
        await TickAsync(second);
        Assert.Equal((1, 5), (second.Signer.Signed, second.Sequencer.Health.Checkpoint!.Size));
        Assert.Empty(second.Alarms.Raised);
    }

    [Fact]
    public async Task A_checkpoint_of_one_size_is_stored_once_and_none_behind_a_later_one()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        await first.FillAsync(10);
        await second.UntilSizeAsync(10);
        await Task.WhenAll(first.Sequencer.CheckpointAsync(Cancel), second.Sequencer.CheckpointAsync(Cancel));
        Assert.Equal(first.Sequencer.Health.Checkpoint, second.Sequencer.Health.Checkpoint);

        var late = new StoredCheckpoint(7, TreeHash.Empty, first.Time.GetUtcNow(), "late");
        Assert.Equal(10, (await first.Store.SaveCheckpointAsync(late, Cancel)).Size);
        Assert.Null(await first.Store.ReadCheckpointAsync(9, Cancel));
    }

    [Fact]
    public async Task A_log_that_nobody_writes_to_gets_one_heartbeat_not_one_from_each()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        await first.AppendAsync(first.Event());
        await TickAsync(first);
        await TickAsync(second);
        for (var beats = 1; beats <= 3; beats++)
        {
            await Task.WhenAll(TickAsync(first, TimeSpan.FromSeconds(52)), TickAsync(second, TimeSpan.FromSeconds(52)));
            await Task.WhenAll(first.UntilSizeAsync(beats + 1), second.UntilSizeAsync(beats + 1));
            await Task.WhenAll(TickAsync(first), TickAsync(second));
            Assert.Equal((beats + 1, beats + 1), (first.Reader.Size, second.Reader.Size));
        }
    }

    [Fact]
    public async Task A_process_with_another_key_is_refused_and_told_why()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var stranger = new TestLog(NewStore(), signer: new TestLog.FakeSigner { Key = "another+key" });
        await stranger.Sequencer.StartAsync(Cancel);

        var refusal = await Assert.ThrowsAsync<AuditUnavailableException>(() => stranger.AppendAsync(stranger.Event()));
        Assert.Contains("key", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(await first.AppendAsync(first.Event())).Index);
    }

    [Fact]
    public async Task What_one_of_them_prunes_is_pruned_for_all()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        await first.FillAsync(600);
        var certificate = Assert.Single(await first.AppendAsync(first.Event("log.prune") with { Details = new JsonObject { ["end"] = 512 } })).Index;
        await second.UntilSizeAsync(601);

        await Task.WhenAll(first.Sequencer.PruneAsync(512, certificate, Cancel), second.Sequencer.PruneAsync(512, certificate, Cancel));
        await TickAsync(first);

        Assert.Equal((512, 512), (first.Sequencer.Position.PrunedTo, second.Sequencer.Position.PrunedTo));
        Assert.Empty((await first.CheckAsync()).Findings);
        Assert.Equal(601, Assert.Single(await second.AppendAsync(second.Event())).Index);
    }

    [Fact]
    public async Task What_one_of_them_prunes_the_others_hear_of()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        var certificate = await FillToPruneAsync(first);
        await second.UntilSizeAsync(601);

        await first.Sequencer.PruneAsync(512, certificate, Cancel);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (second.Sequencer.Position.PrunedTo < 512) // no time passes here, and so no tick comes
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), limit.Token);
        }
    }

    [Fact]
    public async Task Who_asks_knows_what_others_did_until_then()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        await first.Sequencer.PruneAsync(512, await FillToPruneAsync(first), Cancel);
        await first.Sequencer.CheckpointAsync(Cancel);

        await second.Sequencer.RefreshAsync(Cancel);

        Assert.Equal((601, 512, 601), (second.Sequencer.Position.Edge.Size, second.Sequencer.Position.PrunedTo, second.Sequencer.Health.Checkpoint!.Size));
    }

    [Fact]
    public async Task What_another_process_prunes_while_a_check_is_at_it_is_no_finding()
    {
        await using var first = await TestLog.OpenAsync(NewStore());
        await using var second = await TestLog.OpenAsync(NewStore());
        var certificate = await FillToPruneAsync(first);
        await second.UntilSizeAsync(601);
        var slices = 0;

        var report = await new LiveCheck(second.Sequencer, second.Store, second.Time).RunAsync(
            from: 0, cancel => ++slices == 1 ? first.Sequencer.PruneAsync(512, certificate, cancel) : Task.CompletedTask, Cancel);

        Assert.Equal((0, 601), (report.Findings.Count, report.Size));
        Assert.Equal(512, second.Sequencer.Position.PrunedTo);
    }

    protected abstract IAuditStore NewStore();

    private static async Task<long> FillToPruneAsync(TestLog log)
    {
        await log.FillAsync(600);
        return Assert.Single(await log.AppendAsync(log.Event("log.prune") with { Details = new JsonObject { ["end"] = 512 } })).Index;
    }

    /// <summary>Lets so much time pass for a process that one tick comes, and waits until it is done.</summary>
    private protected static async Task TickAsync(TestLog log, TimeSpan? after = null)
    {
        var tick = TimeSpan.FromSeconds(2);
        log.Time.AdjustTime(log.Time.GetUtcNow() + (after ?? tick) - tick); // without the ticks in between
        log.Time.Advance(tick);
        await log.SettledAsync();
    }
}
