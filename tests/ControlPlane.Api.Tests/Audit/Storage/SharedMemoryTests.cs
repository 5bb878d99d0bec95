using Compliance.Audit;
using Compliance.Audit.Sequencing;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>The same in memory, and what takes a store that one can get at.</summary>
public sealed class SharedMemoryTests : SharedLogTests
{
    private readonly LogMemory _memory = new();

    [Fact]
    public async Task News_that_get_lost_are_made_up_for_by_the_next_tick()
    {
        await using var writer = await TestLog.OpenAsync(NewStore());
        await using var reader = await TestLog.OpenAsync(new MemoryAuditStore(_memory) { Hears = false });
        await writer.AppendAsync(writer.Event());
        Assert.Equal(0, reader.Reader.Size);

        await TickAsync(reader);

        Assert.Equal(1, reader.Reader.Size);
    }

    [Fact]
    public async Task Whoever_was_overtaken_has_his_turn_before_he_is_overtaken_again()
    {
        var patient = new MemoryAuditStore(_memory);
        await using var hasty = await TestLog.OpenAsync(NewStore());
        await using var log = await TestLog.OpenAsync(patient);
        var attempts = 0;
        patient.Step = async step =>
        {
            if (step == "append" || step == "turn")
            {
                attempts++;
                await hasty.AppendAsync(hasty.Event()); // always just before
            }
        };

        var receipt = Assert.Single(await log.AppendAsync(log.Event()));

        Assert.Equal((2, 2), (attempts, receipt.Index));
    }

    [Fact]
    public async Task Nobody_else_writes_and_a_batch_takes_one_step()
    {
        var store = new MemoryAuditStore(_memory);
        await using var log = await TestLog.OpenAsync(store);
        List<string> steps = [];
        store.Step = step =>
        {
            steps.Add(step);
            return Task.CompletedTask;
        };

        await log.AppendAsync(log.Event());

        Assert.Equal(["append", "append in turn", "appended"], steps);
    }

    [Fact]
    public async Task A_log_that_was_set_back_is_not_gone_on_with_by_who_knows_more_of_it()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(290);
        var root = log.Sequencer.Position.Edge.Root();
        await log.FillAsync(10);
        _memory.SetBack(290, root);

        await Assert.ThrowsAsync<AuditUnavailableException>(() => log.AppendAsync(log.Event()));
        await TickAsync(log);
        await using (var newcomer = await TestLog.OpenAsync(NewStore()))
        {
            await newcomer.FillAsync(10); // the same size again, and another log
        }

        await TickAsync(log);
        Assert.Contains("set back", log.Sequencer.Health.ClosedBecause, StringComparison.Ordinal);
        Assert.Contains(AuditAlarmKind.Tampered, log.Alarms.Raised.Select(static alarm => alarm.Kind));
        Assert.Equal(300, _memory.Head.Size);
    }

    [Fact]
    public async Task A_log_that_was_changed_and_has_the_same_size_is_noticed_at_the_next_tick()
    {
        await using var log = await TestLog.OpenAsync(NewStore());
        await log.FillAsync(5);
        _memory.SetBack(5, TreeHash.OfLeaf("another"u8));

        await TickAsync(log);

        Assert.Contains("is not the one", log.Alarms.Raised[0].Message, StringComparison.Ordinal);
    }

    protected override IAuditStore NewStore() => new MemoryAuditStore(_memory);
}
