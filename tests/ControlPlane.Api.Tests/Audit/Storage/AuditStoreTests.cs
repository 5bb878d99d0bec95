using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Tree;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>What every store must do; run on SQLite and on a real PostgreSQL server.</summary>
public abstract class AuditStoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_log_was_opened_anew()
    {
        AuditReceipt[] receipts;
        TreeHash root;
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            receipts = [.. await log.AppendAsync(log.Event(), log.Event("session.start")), .. await log.AppendAsync(log.Event())];
            await log.FillAsync(700);
            root = log.Sequencer.Position.Edge.Root();
        }

        await using var again = await TestLog.OpenAsync(NewStore());
        var entries = await again.Reader.ReadAsync(0, long.MaxValue, Cancel).ToListAsync(Cancel);

        Assert.Equal((703, root), (again.Reader.Size, again.Sequencer.Position.Edge.Root()));
        Assert.Equal(receipts.Select(static r => (r.Index, r.Leaf)), entries.Take(3).Select(static e => (e.Index, TreeHash.OfLeaf(e.Bytes.Span))));
        Assert.Empty((await again.CheckAsync()).Findings);
        Assert.Empty(again.Alarms.Raised);
    }

    [Fact]
    public async Task The_tree_is_that_of_the_entries_and_its_tiles_read_at_any_width()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(600);
        var tree = new MerkleTree();
        await foreach (var entry in log.Reader.ReadAsync(0, 600, Cancel))
        {
            tree.Append(TreeHash.OfLeaf(entry.Bytes.Span));
        }

        Assert.Equal(tree.Root, log.Sequencer.Position.Edge.Root());
        Assert.Equal(256 * 32, (await log.Reader.ReadTileAsync(0, 1, 256, Cancel)).Length);
        Assert.Equal((await log.Reader.ReadTileAsync(0, 1, 256, Cancel)).Span[..(7 * 32)].ToArray(), (await log.Reader.ReadTileAsync(0, 1, 7, Cancel)).ToArray());
        Assert.Equal(88 * 32, (await log.Reader.ReadTileAsync(0, 2, 88, Cancel)).Length);
        Assert.Equal(TreeEdge.RootOfTile((await log.Reader.ReadTileAsync(0, 1, 256, Cancel)).Span), TreeEdge.Split((await log.Reader.ReadTileAsync(1, 0, 2, Cancel)).Span)[1]);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.Reader.ReadTileAsync(0, 2, 89, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.Reader.ReadTileAsync(2, 0, 1, Cancel));
    }

    [Fact]
    public async Task An_event_that_comes_twice_is_recorded_once()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        var e = log.Event();
        var first = Assert.Single(await log.AppendAsync(e));

        var again = await log.AppendAsync(log.Event(), e, e);

        Assert.Equal([false, true, true], again.Select(static r => r.IsDuplicate));
        Assert.Equal((first.Index, first.Leaf), (again[1].Index, again[1].Leaf));
        Assert.Equal(2, log.Reader.Size);
    }

    [Fact]
    public async Task Callers_that_come_at_once_share_batches_and_each_hears_of_its_own()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        var events = Enumerable.Range(0, 200).Select(_ => log.Event()).ToList();

        var receipts = await Task.WhenAll(events.Select(e => log.AppendAsync(e)));

        Assert.Equal(events.Select(static e => e.Id), receipts.Select(static r => r[0].EventId));
        Assert.Equal(Enumerable.Range(0, 200).Select(static i => (long)i), receipts.Select(static r => r[0].Index).Order());
    }

    [Fact]
    public async Task A_request_with_one_bad_event_records_none()
    {
        await using var log = await TestLog.OpenAsync(NewStore());

        var refusal = await Assert.ThrowsAsync<AuditEventException>(() => log.AppendAsync(log.Event(), log.Event("")));

        Assert.Equal((1, "action", 0L), (refusal.Position, refusal.Field, log.Reader.Size));
    }

    [Fact]
    public async Task Entries_are_found_by_what_they_say_newest_first_page_by_page()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(300);
        log.Time.Advance(TimeSpan.FromHours(1));
        var noon = log.Time.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await log.AppendAsync(
                log.Event("session.start", "odd") with { CorrelationId = $"c-{i}", Outcome = AuditOutcome.Refused, Frameworks = ["RBI"], Source = "shop/web" },
                log.Event("session.end", "even") with { Object = new AuditObject("User", "ops", "odd") });
        }

        long[] odd = [308, 306, 304, 302, 300];
        long[] even = [309, 307, 305, 303, 301];
        Assert.Equal(odd, await Found(new AuditQuery { Action = "session.start" }));
        Assert.Equal(odd[..2], await Found(new AuditQuery { Action = "session.start" }, limit: 2));
        Assert.Equal(odd[2..], await Found(new AuditQuery { Action = "session.start" }, before: odd[1]));
        Assert.Equal(even.Concat(odd).OrderDescending(), await Found(new AuditQuery { Action = "session.*" }));
        Assert.Equal(odd, await Found(new AuditQuery { ObjectName = "odd", Namespaces = ["payments"] }));
        Assert.Equal(even.Concat(odd).OrderDescending(), await Found(new AuditQuery { ObjectName = "odd", Namespaces = ["payments", "ops"] }));
        Assert.Empty(await Found(new AuditQuery { ObjectName = "odd", Namespaces = [] }));
        Assert.Equal([304], await Found(new AuditQuery { CorrelationId = "c-2" }));
        Assert.Equal(odd, await Found(new AuditQuery { Framework = "RBI", Outcome = AuditOutcome.Refused, Source = "shop/web", Actor = "u-1" }));
        Assert.Equal(even, await Found(new AuditQuery { ObjectKind = "User" }));
        Assert.Equal(even.Concat(odd).OrderDescending(), await Found(new AuditQuery { From = noon }));
        Assert.Equal([299, 298], await Found(new AuditQuery { To = noon }, limit: 2));
        Assert.Equal([299], await Found(new AuditQuery { ObjectName = "service-299", To = noon }));
        Assert.Equal((310, 100, 5), (await Count(new AuditQuery(), 1000), await Count(new AuditQuery(), 100), await Count(new AuditQuery { Framework = "RBI" }, 100)));

        async Task<IEnumerable<long>> Found(AuditQuery query, long? before = null, int limit = 50) => (await log.SearchAsync(query, before, limit)).Select(static e => e.Index);
        Task<int> Count(AuditQuery query, int bound) => log.Reader.CountAsync(query, bound, Cancel);
    }

    [Fact]
    public async Task A_number_that_a_source_skipped_shows_until_it_comes()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.AppendAsync(Numbered(log, 1), Numbered(log, 4));
            Assert.Equal([new SequenceRange(2, 3)], Assert.Single(log.Sequencer.Health.Gaps).Missing);
            Assert.Equal(AuditAlarmKind.SourceGap, Assert.Single(log.Alarms.Raised).Kind);
        }

        await using var again = await TestLog.OpenAsync(NewStore());
        await again.AppendAsync(Numbered(again, 3));
        Assert.Equal([new SequenceRange(2, 2)], Assert.Single(again.Sequencer.Health.Gaps).Missing);
        await again.AppendAsync(Numbered(again, 2));
        Assert.Empty(again.Sequencer.Health.Gaps);
        await again.AppendAsync(Numbered(again, 2));
        Assert.Equal(AuditAlarmKind.SourceRepeats, Assert.Single(again.Alarms.Raised).Kind);

        static AuditEvent Numbered(TestLog log, long number) => log.Event() with { Source = "shop/web", SourceSequence = number };
    }

    [Fact]
    public async Task Recorded_times_never_go_back()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.AppendAsync(log.Event());
        log.Time.AdjustTime(log.Time.GetUtcNow().AddHours(-2));
        await log.AppendAsync(log.Event());

        var times = (await log.Reader.ReadAsync(0, 2, Cancel).ToListAsync(Cancel)).Select(static e => AuditEntryReader.Read(e.Bytes).RecordedAt).ToList();
        Assert.Equal(times[0], times[1]);
        Assert.Equal(AuditAlarmKind.ClockWentBack, Assert.Single(log.Alarms.Raised).Kind);
    }

    [Fact]
    public async Task A_log_goes_under_the_key_that_it_was_opened_with_first()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.AppendAsync(log.Event());
        }

        await using (var stranger = new TestLog(NewStore(), signer: new TestLog.FakeSigner { Key = "another+key" }))
        {
            await stranger.Sequencer.StartAsync(Cancel);
            Assert.Contains("audit.key", (await Assert.ThrowsAsync<AuditUnavailableException>(() => stranger.AppendAsync(stranger.Event()))).Message, StringComparison.Ordinal);
            await using var rightful = await TestLog.OpenAsync(NewStore());
            Assert.Equal(1, Assert.Single(await rightful.AppendAsync(rightful.Event())).Index);
        }
    }

    [Fact]
    public async Task The_store_refuses_to_change_or_remove_what_was_recorded()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(300);
        await log.Sequencer.CheckpointAsync(Cancel);
        string[] statements =
        [
            "UPDATE entry SET leaf = leaf", "DELETE FROM entry", "UPDATE event SET idx = 0", "DELETE FROM event", "UPDATE tile SET hashes = hashes", "DELETE FROM tile",
            "UPDATE checkpoint SET at = 0", "DELETE FROM checkpoint", "UPDATE identity SET key = 'mine'", "DELETE FROM identity", "DELETE FROM head", "UPDATE head SET size = 0",
            "DELETE FROM source WHERE 1 = 1", "INSERT INTO prune(until, certificate) VALUES(256, 299)",
        ];

        foreach (var statement in statements.Where(static s => !s.Contains("source", StringComparison.Ordinal)))
        {
            Assert.Contains("append-only", (await Record.ExceptionAsync(() => TamperAsync(statement, unguarded: false)))?.Message ?? $"{statement}: done", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_direct_edit_is_found()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(600);
            await log.Sequencer.CheckpointAsync(Cancel);
            Assert.Empty((await log.CheckAsync()).Findings);

            await TamperAsync("UPDATE entry SET bytes = (SELECT bytes FROM entry WHERE idx = 6) WHERE idx = 5", unguarded: true);
            Assert.Equal(["entry 5 is not what was recorded"], (await log.CheckAsync()).Findings);

            await TamperAsync("DELETE FROM entry WHERE idx = 300", unguarded: true);
            Assert.Equal(["entry 5 is not what was recorded", "entry 300 is missing"], (await log.CheckAsync()).Findings);
            await log.AppendAsync(log.Event()); // it goes on
        }

        await TamperAsync("UPDATE entry SET bytes = (SELECT bytes FROM entry WHERE idx = 590) WHERE idx = 595", unguarded: true);
        await using var again = await TestLog.OpenAsync(NewStore());
        await again.AppendAsync(again.Event()); // the tree is still the one that was recorded
        Assert.Contains("entry 595 is not what was recorded", (await again.CheckAsync()).Findings);
    }

    [Fact]
    public async Task A_log_whose_end_was_changed_takes_nothing_and_can_be_read_until_it_is_put_back()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(600);
        }

        await TamperAsync("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 590) WHERE idx = 595", unguarded: true);
        await using var again = await TestLog.OpenAsync(NewStore());

        var refusal = await Assert.ThrowsAsync<AuditUnavailableException>(() => again.AppendAsync(again.Event()));
        Assert.True(refusal.IsTampered && again.Sequencer.Health.IsTampered);
        Assert.Contains("the log signed", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AcceptedRoot", refusal.Message, StringComparison.Ordinal); // it would contradict what was signed
        Assert.Equal(600, (await again.Reader.ReadAsync(0, long.MaxValue, Cancel).ToListAsync(Cancel)).Count);
        Assert.Equal(595, Assert.Single(await again.SearchAsync(new AuditQuery { ObjectName = "service-595" })).Index);
        Assert.StartsWith("test.dabbawala/log\n600\n", await again.Reader.LatestCheckpointAsync(Cancel), StringComparison.Ordinal);
        again.Time.Advance(TimeSpan.FromMinutes(1)); // it looks again and again, and says so once
        await again.SettledAsync();
        Assert.Equal(AuditAlarmKind.Tampered, Assert.Single(again.Alarms.Raised).Kind);

        var leaf = Convert.ToHexString(TreeHash.OfLeaf((await again.Reader.ReadAsync(595, 596, Cancel).ToListAsync(Cancel))[0].Bytes.Span).Bytes);
        await TamperAsync($"UPDATE entry SET leaf = {Blob(leaf)} WHERE idx = 595", unguarded: true);
        await UntilOpenAsync(again);
        await again.AppendAsync(again.Event());
        Assert.Empty((await again.CheckAsync()).Findings);
    }

    [Fact]
    public async Task Not_even_an_admin_has_a_log_go_on_against_what_it_signed()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(600);
        }

        await TamperAsync("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 590) WHERE idx = 595", unguarded: true);
        await using var again = await TestLog.OpenAsync(NewStore());
        await using var accepting = new TestLog(NewStore(), options: new AuditLogOptions { Origin = "test.dabbawala/log", AcceptedRoot = again.Sequencer.Position.Edge.Root() });
        await again.DisposeAsync();
        await accepting.Sequencer.StartAsync(Cancel);

        Assert.Contains("the log signed", accepting.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_whose_unsigned_end_was_changed_goes_on_from_where_an_admin_says_and_that_is_on_record()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(600);
            await log.Sequencer.CheckpointAsync(Cancel);
            await log.FillAsync(20);
            log.Signer.Refuses = new InvalidOperationException("these stay without a checkpoint");
        }

        await TamperAsync("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 590) WHERE idx = 610", unguarded: true);
        string root;
        await using (var closed = await TestLog.OpenAsync(NewStore()))
        {
            root = closed.Sequencer.Health.ClosedBecause!.Split("Audit__AcceptedRoot=")[1][..64];
        }

        await using (var wrong = await OpenAcceptingAsync(new string('0', 64)))
        {
            Assert.NotNull(wrong.Sequencer.Health.ClosedBecause);
        }

        await using (var accepting = await OpenAcceptingAsync(root))
        {
            Assert.Null(accepting.Sequencer.Health.ClosedBecause);
            Assert.Equal(AuditAlarmKind.Tampered, Assert.Single(accepting.Alarms.Raised).Kind);
            await accepting.AppendAsync(accepting.Event());
        }

        await using var next = await TestLog.OpenAsync(NewStore());
        var (size, accepted) = (next.Reader.Size, Assert.Single(await next.SearchAsync(new AuditQuery { Action = "log.accept" })));
        Assert.Equal((622L, 620L, root), (size, accepted.Index, (string?)AuditEntryReader.Read(accepted.Bytes).Details!["accepted"]));
        Assert.Empty(next.Alarms.Raised);

        async Task<TestLog> OpenAcceptingAsync(string hex) =>
            await TestLog.OpenAsync(NewStore(), options: new AuditLogOptions { Origin = "test.dabbawala/log", AcceptedRoot = new TreeHash(Convert.FromHexString(hex)) });
    }

    [Fact]
    public async Task An_entry_beyond_the_head_is_found_and_keeps_the_log_closed_at_the_next_start()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(300);
            await TamperAsync("INSERT INTO entry(idx, leaf, bytes) SELECT 300, leaf, bytes FROM entry WHERE idx = 299", unguarded: false);
            Assert.Contains("entry 300 is stored", Assert.Single((await log.CheckAsync()).Findings), StringComparison.Ordinal);
        }

        await using var again = await TestLog.OpenAsync(NewStore());
        Assert.Contains("entry 300 is stored", again.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
        Assert.Equal(300, again.Reader.Size);
    }

    [Fact]
    public async Task A_trigger_that_is_gone_is_found_and_back_at_the_next_start_with_an_alarm()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(10);
            await TamperAsync(DropOfAGuard, unguarded: false);
            Assert.Contains("trigger", Assert.Single((await log.CheckAsync()).Findings), StringComparison.Ordinal);
        }

        await using var again = await TestLog.OpenAsync(NewStore());
        Assert.Equal(AuditAlarmKind.Tampered, Assert.Single(again.Alarms.Raised).Kind);
        Assert.Empty((await again.CheckAsync()).Findings);
        Assert.Equal(10, Assert.Single(await again.AppendAsync(again.Event())).Index);
    }

    [Fact]
    public async Task A_checkpoint_that_the_log_did_not_sign_keeps_it_closed()
    {
        await using (var log = await TestLog.OpenAsync(NewStore()))
        {
            await log.FillAsync(10);
            await log.Sequencer.CheckpointAsync(Cancel);
            await log.FillAsync(10);
            log.Signer.Refuses = new InvalidOperationException("these stay without a checkpoint");
        }

        await TamperAsync("INSERT INTO checkpoint(size, root, at, note) SELECT 15, root, at, note FROM checkpoint WHERE size = 10", unguarded: false);
        await using var again = await TestLog.OpenAsync(NewStore());

        Assert.Contains("is not what the log signed", again.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_tile_is_found()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(600);
        await TamperAsync("UPDATE tile SET hashes = (SELECT hashes FROM tile WHERE idx = 1) WHERE idx = 0", unguarded: true);

        Assert.Equal("entry 0 is not what was recorded", (await log.CheckAsync()).Findings[0]);
    }

    [Fact]
    public async Task Checkpoints_come_by_themselves_and_a_heartbeat_when_nothing_else_does()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.AppendAsync(log.Event());
        Assert.Null(await log.Reader.LatestCheckpointAsync(Cancel));

        log.Time.Advance(TimeSpan.FromSeconds(2));
        await log.Sequencer.CheckpointAsync(Cancel); // in line behind the tick
        Assert.StartsWith("test.dabbawala/log\n1\n", await log.Reader.LatestCheckpointAsync(Cancel), StringComparison.Ordinal);

        log.Time.Advance(TimeSpan.FromSeconds(60));
        await log.Sequencer.CheckpointAsync(Cancel);
        Assert.StartsWith("test.dabbawala/log\n2\n", await log.Reader.LatestCheckpointAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("log.heartbeat", AuditEntryReader.Read((await log.SearchAsync(new AuditQuery()))[0].Bytes).Action);
    }

    [Fact]
    public async Task A_signer_that_refuses_raises_an_alarm_and_stops_nothing_else()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        log.Signer.Refuses = new InvalidOperationException("the signer is away");
        await log.AppendAsync(log.Event());
        log.Time.Advance(TimeSpan.FromSeconds(2));
        await log.AppendAsync(log.Event());
        log.Time.Advance(TimeSpan.FromMinutes(3));
        await log.AppendAsync(log.Event());

        var (kind, message) = Assert.Single(log.Alarms.Raised);
        Assert.Equal(AuditAlarmKind.CheckpointStalled, kind);
        Assert.Contains("the signer is away", message, StringComparison.Ordinal);
        log.Signer.Refuses = null;
    }

    [Fact]
    public async Task Pruning_takes_a_certificate_and_leaves_all_tiles()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(600);
        var root = log.Sequencer.Position.Edge.Root();
        var certificate = Assert.Single(await log.AppendAsync(log.Event("log.prune") with { Details = new JsonObject { ["end"] = 512 } })).Index;

        await Assert.ThrowsAsync<AuditUnavailableException>(() => log.Store.PruneAsync(256, certificate, Cancel));
        await Assert.ThrowsAsync<AuditUnavailableException>(() => log.Store.PruneAsync(512, certificate - 1, Cancel));
        await log.Sequencer.PruneAsync(512, certificate, Cancel);

        Assert.Equal(512, (await log.Reader.ReadAsync(0, 600, Cancel).ToListAsync(Cancel))[0].Index);
        Assert.Equal(89, (await log.SearchAsync(new AuditQuery { Actor = "u-1" }, limit: 1000)).Count);
        Assert.Empty((await log.CheckAsync()).Findings);
        var replayed = new TreeEdge();
        foreach (var leaf in await LeavesAsync(log, 600))
        {
            replayed.Append(leaf, []);
        }

        Assert.Equal(root, replayed.Root());
    }

    /// <summary>Statement that removes a trigger.</summary>
    protected abstract string DropOfAGuard { get; }

    protected abstract IAuditStore NewStore();

    /// <summary>Bytes as a literal of the store's SQL.</summary>
    protected abstract string Blob(string hex);

    /// <summary>Runs a statement past the log, with or without the triggers in its way.</summary>
    protected abstract Task TamperAsync(string statement, bool unguarded);

    /// <summary>Lets time pass until the log takes events.</summary>
    internal static async Task UntilOpenAsync(TestLog log)
    {
        do
        {
            log.Time.Advance(TimeSpan.FromSeconds(2));
            await Record.ExceptionAsync(() => log.Sequencer.CheckpointAsync(Cancel)); // in line behind the tick
        }
        while (log.Sequencer.Health.ClosedBecause is not null);
    }

    private static async Task<List<TreeHash>> LeavesAsync(TestLog log, int size)
    {
        List<TreeHash> leaves = [];
        for (var start = 0; start < size; start += 256)
        {
            leaves.AddRange(TreeEdge.Split((await log.Reader.ReadTileAsync(0, start / 256, Math.Min(256, size - start), Cancel)).Span));
        }

        return leaves;
    }
}
