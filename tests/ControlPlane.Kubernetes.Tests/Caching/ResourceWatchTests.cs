using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Caching;

public sealed class ResourceWatchTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private ResourceWatch<Widget> _watch = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(_clock);
        _watch = new(_connection, Widget.Type, new CacheScope("ns", "app=x"), Widget.Decoder, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_asks_for_what_came_after_the_version_with_bookmarks_and_a_limit_of_time()
    {
        await using var events = _watch.ReadAsync("41", Token).GetAsyncEnumerator(Token);
        var opening = events.MoveNextAsync();
        var request = await _server.NextAsync();

        Assert.StartsWith("/apis/test.dev/v1/namespaces/ns/widgets?", request.Path, StringComparison.Ordinal);
        Assert.Equal(("true", "true", "41", "app=x"), (request.Query("watch"), request.Query("allowWatchBookmarks"), request.Query("resourceVersion"), request.Query("labelSelector")));
        Assert.InRange(int.Parse(request.Query("timeoutSeconds")!, null), 290, 590);
        Assert.Null(request.Query("limit"));
        request.Close();
        await opening;
    }

    [Fact]
    public async Task It_tells_that_the_server_accepted_it_before_anything_happens()
    {
        await using var events = _watch.ReadAsync("1", Token).GetAsyncEnumerator(Token);
        var opening = events.MoveNextAsync();
        var request = await _server.NextAsync();
        await request.AcceptAsync();

        Assert.True(await opening);
        Assert.Equal(WatchEventType.Opened, events.Current.Type);
    }

    [Fact]
    public async Task A_watch_that_the_server_closes_at_once_ends_without_an_error()
    {
        var reading = ReadAllAsync();
        (await _server.NextAsync()).Close();

        Assert.Equal([WatchEventType.Opened], (await reading).Select(item => item.Type));
    }

    [Fact]
    public async Task Lines_are_put_together_from_whatever_pieces_arrive()
    {
        var large = WidgetJson.Object("large", 2).Replace("\"spec\"", $"\"padding\":\"{new string('x', 200_000)}\",\"spec\"", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(WidgetJson.Added(WidgetJson.Object("é", 1)) + "\r\n" + WidgetJson.Added(large) + WidgetJson.Bookmark(3));
        var reading = ReadAllAsync();
        var request = await _server.NextAsync();
        var sent = 0;
        foreach (var end in (int[])[1, 60, 70, 71, 5_000, 120_000, bytes.Length])
        {
            await request.SendAsync(bytes.AsMemory(sent..end));
            sent = end;
        }

        request.Close();
        Assert.Equal(["", "1", "2", "3"], (await reading).Select(item => item.ResourceVersion));
    }

    [Fact]
    public async Task Half_a_line_at_the_end_is_no_event()
    {
        var reading = ReadAllAsync();
        var request = await _server.NextAsync();
        await request.SendAsync(WidgetJson.Added(WidgetJson.Object("a", 1)) + WidgetJson.Added(WidgetJson.Object("b", 2)).TrimEnd('\n'));
        request.Close();

        Assert.Equal(["", "1"], (await reading).Select(item => item.ResourceVersion));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_an_error_after_the_events_that_arrived()
    {
        await using var events = _watch.ReadAsync("1", Token).GetAsyncEnumerator(Token);
        var opening = events.MoveNextAsync();
        var request = await _server.NextAsync();
        await request.SendAsync(WidgetJson.Added(WidgetJson.Object("a", 2)));
        await opening;
        await events.MoveNextAsync();
        Assert.Equal("a", events.Current.Object?.Metadata.Name);
        request.Drop();

        await Assert.ThrowsAnyAsync<IOException>(async () => await events.MoveNextAsync());
    }

    [Fact]
    public async Task Garbage_is_malformed()
    {
        var reading = ReadAllAsync();
        var request = await _server.NextAsync();
        await request.SendAsync("<html>gateway</html>\n");

        await Assert.ThrowsAnyAsync<JsonException>(() => reading);
    }

    [Theory]
    [InlineData(410, "Expired")]
    [InlineData(429, "TooManyRequests")]
    public async Task A_refusal_is_told_as_it_is(int code, string reason)
    {
        var reading = ReadAllAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(code, reason), code, ("Retry-After", "7"));

        var refusal = await Assert.ThrowsAsync<KubeApiException>(() => reading);
        Assert.Equal((code, reason, TimeSpan.FromSeconds(7)), ((int)refusal.StatusCode, refusal.Reason, refusal.RetryAfter));
    }

    [Fact]
    public async Task A_server_that_does_not_even_answer_is_given_up_after_the_time_of_a_call()
    {
        var reading = ReadAllAsync();
        var request = await _server.NextAsync();
        await _clock.FireAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<TimeoutException>(() => reading);
        await Patience.For(request.Finished, "the request still hangs");
    }

    [Fact]
    public async Task A_server_that_is_silent_well_beyond_the_time_it_was_given_is_not_there_any_more()
    {
        var reading = ReadAllAsync();
        var request = await _server.NextAsync();
        await request.AcceptAsync();
        var patience = await _clock.FireAsync(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(11));

        Assert.Equal(int.Parse(request.Query("timeoutSeconds")!, null) + 30, patience.TotalSeconds);
        await Assert.ThrowsAsync<WatchStalledException>(() => reading);
        await Patience.For(request.Finished, "the request still hangs");
    }

    [Fact]
    public async Task Silence_between_bookmarks_is_noticed_much_sooner()
    {
        var reading = ReadAllAsync();
        var request = await _server.NextAsync();
        await request.SendAsync(WidgetJson.Bookmark(5));
        await _clock.FireAsync(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3));

        await Assert.ThrowsAsync<WatchStalledException>(() => reading);
    }

    [Fact]
    public async Task Every_sign_of_life_starts_the_silence_anew()
    {
        await using var events = _watch.ReadAsync("1", Token).GetAsyncEnumerator(Token);
        var opening = events.MoveNextAsync();
        var request = await _server.NextAsync();
        await request.AcceptAsync();
        await opening;
        for (var version = 1; version <= 3; version++)
        {
            var next = events.MoveNextAsync();
            await request.SendAsync(WidgetJson.Bookmark(version));
            Assert.True(await next);
            _clock.Advance(TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public async Task Cancellation_ends_it_and_the_request()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = ReadAllAsync(stop.Token);
        var request = await _server.NextAsync();
        await request.AcceptAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Patience.For(request.Finished, "the request still hangs");
    }

    private async Task<List<WatchEvent<Widget>>> ReadAllAsync(CancellationToken? cancellationToken = null)
    {
        var events = new List<WatchEvent<Widget>>();
        await foreach (var item in _watch.ReadAsync("1", cancellationToken ?? Token))
        {
            events.Add(item);
        }

        return events;
    }
}
