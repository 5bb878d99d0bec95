using Fleet.Hosting.Events;

namespace Fleet.Tests.Hosting.Events;

public sealed class EventTopicTests
{
    private readonly EventTopic _topic = new();
    private readonly List<long> _missed = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_group_gets_every_event_in_order()
    {
        Publish(5);

        Assert.Equal([0L, 1, 2, 3, 4], await ReadAsync("order", 5));
        Assert.Equal([0L, 1, 2, 3, 4], await ReadAsync("delivery", 5));
        Assert.Equal(0, _topic.Lag("order"));
    }

    [Fact]
    public async Task An_event_that_was_not_finished_is_read_again_by_the_next_reader()
    {
        Publish(2);
        await foreach (var _ in _topic.ReadAsync("order", _missed.Add, Cancellation))
        {
            break; // the reader ends while it handles the first
        }

        Assert.Equal([0L, 1], await ReadAsync("order", 2));
    }

    [Fact]
    public async Task One_instance_of_a_group_reads_at_a_time_and_another_takes_over_where_it_stopped()
    {
        Publish(3);
        var first = _topic.ReadAsync("order", _missed.Add, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await first.MoveNextAsync());
        var second = ReadAsync("order", 2);
        Assert.True(await first.MoveNextAsync()); // event 0 is done, and 1 is being handled
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();

        Assert.Equal([1L, 2], await second);
    }

    [Fact]
    public async Task A_group_that_falls_behind_misses_the_oldest_and_is_told_how_many()
    {
        Publish(1);
        await ReadAsync("order", 1);
        Publish(EventTopic.Retained + 7);

        Assert.Equal(8, (await ReadAsync("order", 1)).Single());
        Assert.Equal([7L], _missed);
    }

    [Fact]
    public async Task A_reader_waits_for_the_next_event()
    {
        var reading = ReadAsync("order", 1);
        Assert.False(reading.IsCompleted);

        Publish(1);

        Assert.Equal([0L], await reading);
    }

    private void Publish(int events)
    {
        for (var i = 0; i < events; i++)
        {
            _topic.Publish(new FleetEvent("t", "E", "k", new Dictionary<string, string>(), 0, DateTimeOffset.UnixEpoch, null, null));
        }
    }

    /// <summary>Reads and finishes so many events.</summary>
    private async Task<List<long>> ReadAsync(string group, int events)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var reader = _topic.ReadAsync(group, _missed.Add, stop.Token).GetAsyncEnumerator(Cancellation);
        var read = new List<long>();
        while (read.Count < events && await reader.MoveNextAsync())
        {
            read.Add(reader.Current.Offset);
        }

        Task asking = reader.MoveNextAsync().AsTask(); // by which the last one is finished
        await stop.CancelAsync();
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return read;
    }
}
