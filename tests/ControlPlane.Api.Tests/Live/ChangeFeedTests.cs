using ControlPlane.Api.Live;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Live;

public sealed class ChangeFeedTests : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ChangeFeed<string> _feed = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task The_first_batch_says_that_the_reader_is_subscribed_and_what_came_before_is_not_told()
    {
        _feed.Publish("before");
        await using var reader = Read();

        Assert.Empty(await NextAsync(reader));
        _feed.Publish("after");

        Assert.Equal(["after"], await NextAsync(reader));
    }

    [Fact]
    public async Task A_key_that_changes_often_during_a_pause_is_told_once()
    {
        await using var reader = Read();
        await NextAsync(reader);
        _feed.Publish("a");
        await NextAsync(reader);

        var next = reader.MoveNextAsync().AsTask();
        _feed.Publish("b");
        _feed.Publish("c");
        _feed.Publish("b");
        Assert.False(next.IsCompleted);
        _time.Advance(Pause);

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30), _end.Token));
        Assert.Equal(["b", "c"], reader.Current.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_nobody_up()
    {
        await using var slow = Read();
        await using var quick = Read();
        await NextAsync(slow);
        await NextAsync(quick);

        for (var i = 0; i < 10_000; i++)
        {
            _feed.Publish($"{i % 10}");
        }

        Assert.Equal(10, (await NextAsync(quick)).Count);
        Assert.Equal(10, (await NextAsync(slow)).Count);
    }

    [Fact]
    public async Task A_reader_ends_when_it_is_cancelled()
    {
        await using var reader = Read();
        await NextAsync(reader);
        var next = reader.MoveNextAsync().AsTask();

        await _end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    private IAsyncEnumerator<IReadOnlySet<string>> Read() => _feed.ReadAsync(Pause, _time, _end.Token).GetAsyncEnumerator(_end.Token);

    private async Task<IReadOnlySet<string>> NextAsync(IAsyncEnumerator<IReadOnlySet<string>> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), _end.Token));
        return reader.Current;
    }
}
