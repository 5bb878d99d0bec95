using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Sequencing;
using CsCheck;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>
/// Processes that write to one log, whatever comes between two steps of theirs, and whichever step fails: before it did anything, or after it did all
/// and could not say so.
/// </summary>
public sealed class InterleavingTests
{
    private const int Processes = 3;
    private const int Requests = 12;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_there_is_one_tree() =>
        await Gen.Int[0, int.MaxValue - 1].SampleAsync(RunAsync, iter: 60, threads: 1);

    private static async Task RunAsync(int seed)
    {
        var (random, memory) = (new Random(seed), new LogMemory());
        List<MemoryAuditStore> stores = [.. Enumerable.Range(0, Processes).Select(_ => new MemoryAuditStore(memory) { Hears = random.Next(4) > 0 })];
        List<TestLog> logs = [];
        foreach (var store in stores)
        {
            logs.Add(await TestLog.OpenAsync(store));
            store.Step = Disturb(random.Next(), failures: random.Next(3) * 0.02);
        }

        var shared = Enumerable.Range(0, Requests).Select(_ => logs[0].Event("test.shared")).ToList();
        var acknowledged = (await Task.WhenAll(logs.Select((log, process) => WriteAsync(log, new Random(seed + process), shared, $"source-{process}")))).SelectMany(static r => r).ToList();
        stores.ForEach(static store => store.Step = static _ => Task.CompletedTask);
        await CheckAsync(memory, logs, acknowledged);
        foreach (var log in logs)
        {
            await log.DisposeAsync();
        }
    }

    /// <summary>What a process does: requests of events of its own and of some that others bring too, again until they are acknowledged, and the passing of time.</summary>
    private static async Task<List<AuditReceipt>> WriteAsync(TestLog log, Random random, List<AuditEvent> shared, string source)
    {
        await Task.Yield();
        List<AuditReceipt> acknowledged = [];
        var number = 0;
        for (var request = 0; request < Requests; request++)
        {
            AuditEvent[] events =
            [
                .. Enumerable.Range(0, random.Next(1, 16)).Select(_ => log.Event("test.write") with { Source = source, SourceSequence = ++number }),
                .. shared.Where(_ => random.Next(4) == 0),
            ];
            acknowledged.AddRange(await UntilAcknowledgedAsync(log, events));
            if (random.Next(2) == 0)
            {
                log.Time.Advance(TimeSpan.FromSeconds(2));
            }
        }

        return acknowledged;
    }

    private static async Task<IReadOnlyList<AuditReceipt>> UntilAcknowledgedAsync(TestLog log, AuditEvent[] events)
    {
        while (true)
        {
            try
            {
                return await log.AppendAsync(events);
            }
            catch (AuditUnavailableException)
            {
                log.Time.Advance(TimeSpan.FromSeconds(2)); // it opens by itself
                await log.SettledAsync();
            }
        }
    }

    private static async Task CheckAsync(LogMemory memory, List<TestLog> logs, List<AuditReceipt> acknowledged)
    {
        var entries = memory.Entries;
        var records = entries.Select(static entry => AuditEntryReader.Read(entry.Bytes)).ToList();
        Assert.All(acknowledged, receipt => Assert.Equal((receipt.EventId, receipt.Leaf), (records[(int)receipt.Index].EventId, entries[(int)receipt.Index].Leaf)));
        Assert.Equal(records.Count, records.Select(static record => record.EventId).Distinct().Count());
        Assert.Equal(records.Select(static record => record.RecordedAt).Order(), records.Select(static record => record.RecordedAt));
        Assert.All(memory.Sources, source => Assert.Equal((records.Count(record => record.Source == source.Source) + 1, 0), (source.Next, source.Missing.Count)));

        var tree = new MerkleTree();
        var roots = entries.Select(entry =>
        {
            tree.Append(TreeHash.OfLeaf(entry.Bytes));
            return tree.Root;
        }).ToList();
        Assert.Equal(roots[^1], memory.Head.Root);
        Assert.Equal(memory.Checkpoints.Select(static checkpoint => checkpoint.Size).Distinct().Order(), memory.Checkpoints.Select(static checkpoint => checkpoint.Size));
        Assert.All(memory.Checkpoints.Where(static checkpoint => checkpoint.Size > 0), checkpoint => Assert.Equal(roots[(int)checkpoint.Size - 1], checkpoint.Root));

        foreach (var log in logs)
        {
            while (log.Reader.Size < entries.Count || log.Sequencer.Health.ClosedBecause is not null)
            {
                log.Time.Advance(TimeSpan.FromSeconds(2));
                await log.SettledAsync();
            }

            Assert.Empty((await log.CheckAsync()).Findings);
            Assert.Equal(records.Count(static record => record.Action == "test.shared"), await log.Reader.CountAsync(new AuditQuery { Action = "test.shared" }, int.MaxValue, Cancel));
            Assert.DoesNotContain(log.Alarms.Raised, static alarm => alarm.Kind is AuditAlarmKind.Tampered or AuditAlarmKind.SourceRepeats or AuditAlarmKind.SourceGap);
        }
    }

    private static Func<string, Task> Disturb(int seed, double failures)
    {
        var random = new Random(seed);
        return async step =>
        {
            for (var i = random.Next(4); i > 0; i--)
            {
                await Task.Yield();
            }

            if (random.NextDouble() < failures)
            {
                throw new AuditUnavailableException($"step {step} fails");
            }
        };
    }
}
