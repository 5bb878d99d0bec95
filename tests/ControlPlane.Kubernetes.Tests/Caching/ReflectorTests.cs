using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Caching;

public sealed class ReflectorTests : IAsyncLifetime
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan LongestFirstPause = TimeSpan.FromSeconds(1);

    private readonly TestClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private Informer<Widget> _informer = null!;
    private ChangeLog<Widget> _log = null!;
    private Task _running = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(_clock);
        _informer = new(
            new KubeApi(_connection), Widget.Type, CacheScope.All, Widget.Decoder, TestMetrics.Create(), _clock, NullLogger<Informer<Widget>>.Instance);
        _log = new(_informer.Cache);
        _running = _informer.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Patience.For(_running, "the informer does not stop");
        _connection.Dispose();
        _stop.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_first_list_fills_the_cache_as_initial_and_the_watch_goes_on_from_its_version()
    {
        Assert.Equal(CachePhase.Starting, _informer.State.Phase);
        var list = await _server.NextAsync();
        Assert.Equal("/apis/test.dev/v1/widgets?limit=500", list.Path);
        await list.AnswerAsync(WidgetJson.List(10, WidgetJson.Object("a", 3)));
        var watch = await _server.NextAsync();
        Assert.Equal("10", watch.Query("resourceVersion"));
        await watch.SendAsync(WidgetJson.Added(WidgetJson.Object("b", 11)));

        Assert.Equal(new(null, Widget.Of("a", 3), Initial: true), await _log.NextAsync());
        Assert.Equal(new(null, Widget.Of("b", 11), Initial: false), await _log.NextAsync());
        Assert.True(_informer.Synced.IsCompletedSuccessfully);
        Assert.Equal(CachePhase.Live, _informer.State.Phase);
    }

    [Fact]
    public async Task Pages_are_read_to_the_end_before_anybody_sees_one()
    {
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Page(10, "more please", WidgetJson.Object("a", 3)));
        var second = await _server.NextAsync();
        Assert.Equal(("more please", "500"), (second.Query("continue"), second.Query("limit")));
        Assert.Equal(0, _informer.Count);
        Assert.False(_informer.Synced.IsCompleted);
        await second.AnswerAsync(WidgetJson.List(10, WidgetJson.Object("b", 4)));
        await Patience.For(_informer.Synced, "the cache is not filled");

        Assert.Equal(2, _informer.Count);
    }

    [Fact]
    public async Task A_list_whose_token_expires_is_read_again_in_one_piece()
    {
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Page(10, "soon gone", WidgetJson.Object("a", 3)));
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(410, "Expired"), 410);
        var whole = await _server.NextAsync();
        Assert.Equal("/apis/test.dev/v1/widgets", whole.Path);
        await whole.AnswerAsync(WidgetJson.List(20, WidgetJson.Object("b", 15)));

        Assert.Equal("20", (await _server.NextAsync()).Query("resourceVersion"));
        Assert.Equal("b", Assert.Single(_informer.Cache.Snapshot()).Metadata.Name);
    }

    [Fact]
    public async Task A_watch_that_ends_is_resumed_at_once_from_the_last_change()
    {
        var watch = await FillAsync(10);
        await watch.SendAsync(WidgetJson.Added(WidgetJson.Object("a", 11)) + WidgetJson.Modified(WidgetJson.Object("a", 12)));
        watch.Close();

        Assert.Equal("12", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Fact]
    public async Task A_bookmark_moves_the_version_to_resume_from()
    {
        var watch = await FillAsync(10);
        await watch.SendAsync(WidgetJson.Bookmark(99));
        watch.Close();
        await PauseAsync();

        Assert.Equal("99", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Fact]
    public async Task A_broken_watch_is_resumed_after_a_pause_without_a_list()
    {
        var watch = await FillAsync(10);
        await watch.SendAsync(WidgetJson.Added(WidgetJson.Object("a", 11)));
        await _log.NextAsync();
        watch.Drop();
        await PauseAsync();

        Assert.Equal("11", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Fact]
    public async Task A_watch_that_is_accepted_again_makes_the_cache_live_though_nothing_happens()
    {
        var watch = await FillAsync(10);
        watch.Drop();
        await PauseAsync();
        Assert.Equal(CachePhase.Disconnected, _informer.State.Phase);
        Assert.NotNull(_informer.State.Problem);
        var again = await _server.NextAsync();
        await again.AcceptAsync();
        again.Close();
        await PauseAsync(doublings: 1);

        Assert.Equal((CachePhase.Live, null), (_informer.State.Phase, _informer.State.Problem));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_version_that_is_too_old_makes_it_list_and_tell_what_was_missed(bool asEvent)
    {
        var watch = await FillAsync(10, WidgetJson.Object("gone", 1), WidgetJson.Object("changed", 2), WidgetJson.Object("same", 3));
        _ = (await _log.NextAsync(), await _log.NextAsync(), await _log.NextAsync());
        if (asEvent)
        {
            await watch.SendAsync(WidgetJson.Error(410, "Expired"));
        }
        else
        {
            watch.Drop();
            await PauseAsync();
            await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(410, "Gone"), 410);
        }

        await PauseAsync(doublings: asEvent ? 0 : 1);
        var list = await _server.NextAsync();
        Assert.Null(list.Query("watch"));
        await list.AnswerAsync(WidgetJson.List(30, WidgetJson.Object("changed", 25), WidgetJson.Object("same", 3)));

        Assert.Equal(new(Widget.Of("changed", 2), Widget.Of("changed", 25), Initial: false), await _log.NextAsync());
        Assert.Equal(new(Widget.Of("gone", 1), null, Initial: false), await _log.NextAsync());
        Assert.Equal("30", (await _server.NextAsync()).Query("resourceVersion"));
        Assert.Empty(_log.Rest());
    }

    [Fact]
    public async Task A_version_that_is_too_old_again_and_again_makes_no_busy_loop()
    {
        var watch = await FillAsync(10);
        for (var doublings = 0; doublings < 4; doublings++)
        {
            await watch.SendAsync(WidgetJson.Error(410, "Expired"));
            await PauseAsync(doublings);
            await (await _server.NextAsync()).AnswerAsync(WidgetJson.List(10));
            watch = await _server.NextAsync();
        }
    }

    [Fact]
    public async Task A_watch_that_ends_at_once_again_and_again_makes_no_busy_loop()
    {
        var watch = await FillAsync(10);
        watch.Close();
        await PauseAsync();
        watch = await _server.NextAsync();
        await watch.SendAsync(WidgetJson.Bookmark(11)); // no reason to hurry either
        watch.Close();
        await PauseAsync(doublings: 1);

        Assert.Equal("11", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_given_the_time_that_it_asks_for_and_resumed(int code)
    {
        var watch = await FillAsync(10);
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(code, ""), code, ("Retry-After", "17"));
        await _clock.FireAsync(TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(17));

        Assert.Equal("10", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Fact]
    public async Task A_server_that_asks_for_less_time_than_the_pause_is_given_the_pause()
    {
        var watch = await FillAsync(10);
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(503, ""), 503);
        await PauseAsync(doublings: 1);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(503, ""), 503, ("Retry-After", "1"));

        await PauseAsync(doublings: 2);
        Assert.Equal("10", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_server_that_does_not_let_it_in_for_a_while_is_resumed(int code)
    {
        var watch = await FillAsync(10);
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(code, "", "no"), code);
        await PauseAsync(doublings: 1);

        Assert.Equal("10", (await _server.NextAsync()).Query("resourceVersion"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    public async Task A_version_that_the_server_chokes_on_is_not_tried_for_ever(int code)
    {
        var watch = await FillAsync(10);
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(code, "", "Invalid value: \"10\""), code);
        await PauseAsync(doublings: 1);

        Assert.Null((await _server.NextAsync()).Query("watch"));
    }

    [Fact]
    public async Task An_error_event_makes_it_list()
    {
        var watch = await FillAsync(10);
        await watch.SendAsync(WidgetJson.Error(500, "InternalError"));
        await PauseAsync();

        Assert.Null((await _server.NextAsync()).Query("watch"));
    }

    [Fact]
    public async Task A_silent_server_is_asked_for_a_list_for_its_versions_may_have_gone_back()
    {
        var watch = await FillAsync(10);
        await watch.SendAsync(WidgetJson.Bookmark(12));
        await _clock.FireAsync(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3));
        await PauseAsync();

        Assert.Null((await _server.NextAsync()).Query("watch"));
    }

    [Fact]
    public async Task Garbage_in_a_watch_makes_it_list()
    {
        var watch = await FillAsync(10);
        await watch.SendAsync("<html>gateway</html>\n");
        await PauseAsync();

        Assert.Null((await _server.NextAsync()).Query("watch"));
    }

    [Fact]
    public async Task A_list_that_hangs_is_given_up_and_tried_again()
    {
        var hanging = await _server.NextAsync();
        await _clock.FireAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        await Patience.For(hanging.Finished, "the request still hangs");
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.List(10));
        await Patience.For(_informer.Synced, "the cache is not filled");
    }

    [Fact]
    public async Task Failing_lists_are_told_as_the_problem_of_a_cache_that_is_starting()
    {
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(403, "Forbidden", "may not list"), 403);
        await PauseAsync();

        Assert.Equal((CachePhase.Starting, "may not list"), (_informer.State.Phase, _informer.State.Problem));
        Assert.False(_informer.Synced.IsCompleted);
    }

    [Fact]
    public async Task A_kind_that_is_not_served_is_known_not_to_be_and_asked_for_again()
    {
        await (await _server.NextAsync()).AnswerAsync("404 page not found", 404);
        await Patience.For(_informer.Synced, "nobody was told");
        Assert.Equal(CachePhase.NotServed, _informer.State.Phase);
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.List(10, WidgetJson.Object("a", 3)));

        Assert.Equal(new(null, Widget.Of("a", 3), Initial: false), await _log.NextAsync());
    }

    [Fact]
    public async Task A_poke_ends_the_pause()
    {
        await (await _server.NextAsync()).AnswerAsync("404 page not found", 404);
        await Patience.For(_informer.Synced, "nobody was told");
        _informer.Poke();

        await (await _server.NextAsync()).AnswerAsync("404 page not found", 404);
        await PauseAsync(); // and the pauses are short again
        await _server.NextAsync();
    }

    [Fact]
    public async Task One_word_that_a_kind_is_not_served_does_not_empty_its_cache()
    {
        var watch = await FillAsync(10, WidgetJson.Object("a", 3));
        await _log.NextAsync();
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync("a proxy: not found", 404);
        await PauseAsync(doublings: 1);
        Assert.Equal((CachePhase.Disconnected, 1), (_informer.State.Phase, _informer.Count));
        await (await _server.NextAsync()).AnswerAsync("404 page not found", 404);

        Assert.Equal(new(Widget.Of("a", 3), null, Initial: false), await _log.NextAsync());
        await PauseAsync(doublings: 2);
        Assert.Equal(CachePhase.NotServed, _informer.State.Phase);
    }

    [Fact]
    public async Task Only_words_in_a_row_that_a_kind_is_not_served_empty_its_cache()
    {
        var watch = await FillAsync(10, WidgetJson.Object("a", 3));
        await _log.NextAsync();
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync("a proxy: not found", 404);
        await PauseAsync(doublings: 1);
        watch = await FillAsync(11, WidgetJson.Object("a", 3));
        watch.Drop();
        await PauseAsync(doublings: 2);
        await (await _server.NextAsync()).AnswerAsync("a proxy: not found", 404);
        await PauseAsync(doublings: 3);

        Assert.Equal((CachePhase.Disconnected, 1), (_informer.State.Phase, _informer.Count));
    }

    [Fact]
    public async Task What_could_not_be_decoded_in_a_list_that_was_given_up_is_not_kept_for_it()
    {
        var watch = await FillAsync(10, WidgetJson.Object("a", 3), WidgetJson.Object("b", 4));
        await _log.NextAsync();
        await _log.NextAsync();
        watch.Drop();
        await PauseAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(410, "Expired"), 410);
        await PauseAsync(doublings: 1);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Page(20, "soon gone", WidgetJson.Misfit("a", 15)));
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(410, "Expired"), 410);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.List(21, WidgetJson.Object("b", 4)));

        Assert.Equal(new(Widget.Of("a", 3), null, Initial: false), await _log.NextAsync());
    }

    [Fact]
    public async Task An_object_that_can_not_be_decoded_keeps_its_last_state_until_it_is_deleted()
    {
        var watch = await FillAsync(10, WidgetJson.Object("a", 3));
        await _log.NextAsync();
        await watch.SendAsync(WidgetJson.Modified(WidgetJson.Misfit("a", 11)) + WidgetJson.Deleted(WidgetJson.Misfit("a", 12)));

        Assert.Equal(new(Widget.Of("a", 3), null, Initial: false), await _log.NextAsync());
        watch.Close();
        Assert.Equal("12", (await _server.NextAsync()).Query("resourceVersion"));
    }

    /// <summary>Answers the first list and takes the watch that follows.</summary>
    private async Task<ScriptedRequest> FillAsync(int version, params string[] items)
    {
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.List(version, items));
        var watch = await _server.NextAsync();
        await watch.AcceptAsync();
        return watch;
    }

    /// <summary>Lets the pause pass that the informer has set, which must be the first one, doubled so often, give or take a quarter.</summary>
    private async Task PauseAsync(int doublings = 0) =>
        await _clock.FireAsync(ShortestPause * Math.Pow(2, doublings), LongestFirstPause * Math.Pow(2, doublings));
}
