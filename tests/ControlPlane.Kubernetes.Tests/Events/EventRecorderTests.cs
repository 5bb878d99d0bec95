using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Tests.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace ControlPlane.Kubernetes.Tests.Events;

/// <summary>What is sent to the API, and when, for what is recorded.</summary>
public sealed class EventRecorderTests : IAsyncLifetime
{
    private const string Events = "/apis/events.k8s.io/v1/namespaces/ns/events";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();
    private readonly FakeLogger<EventRecorder> _log = new();
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private EventRecorder _recorder = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(_clock);
        _recorder = new(new KubeApi(_connection), "operators", "pod-1", _clock, _log);
        await _recorder.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _recorder.Dispose();
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_event_becomes_an_object()
    {
        Record("drifted");

        var (request, name) = await CreatedAsync("drifted");
        Assert.Equal($"{Events}?fieldManager=operators", request.Path);
        Assert.Equal($"a.{_clock.GetUtcNow().UtcTicks:x}", name);
    }

    [Fact]
    public async Task The_same_event_again_becomes_a_count_of_the_same_object()
    {
        Record("drifted");
        var (_, name) = await CreatedAsync("drifted");
        Record("drifted");

        Assert.Equal((name, 2), await CountedAsync());
    }

    [Fact]
    public async Task Further_repetitions_are_stored_together()
    {
        Record("drifted");
        var (_, name) = await CreatedAsync("drifted");
        for (var i = 0; i < 100; i++)
        {
            Record("drifted");
        }

        await CountedAsync();
        await SettleAsync();
        _clock.Advance(3 * Minute);
        await SettleAsync();
        Record("drifted");
        _clock.Advance(3 * Minute);

        Assert.Equal((name, 102), await CountedAsync());
    }

    [Fact]
    public async Task Events_with_different_notes_are_different_events()
    {
        Record("spec.size was 3");
        Record("spec.size was 4");

        var (_, first) = await CreatedAsync("spec.size was 3");
        var (_, second) = await CreatedAsync("spec.size was 4");
        Assert.NotEqual(first, second); // though the clock stands still
    }

    [Fact]
    public async Task An_event_that_returns_after_a_quiet_time_is_a_new_one()
    {
        Record("drifted");
        var (_, first) = await CreatedAsync("drifted");
        await SettleAsync();
        _clock.Advance(6 * Minute);
        Record("drifted");

        var (_, second) = await CreatedAsync("drifted");
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task An_event_that_the_api_has_forgotten_goes_on_as_another_object()
    {
        Record("drifted");
        var (_, first) = await CreatedAsync("drifted");
        Record("drifted");
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(404, "NotFound"), 404);

        var (request, second) = await CreatedAsync("drifted");
        Assert.NotEqual(first, second);
        Assert.Equal(2, (int?)JsonNode.Parse(request.Body)!["series"]!["count"]);
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")] // the namespace is gone
    [InlineData(422, "Invalid")]
    public async Task An_event_that_the_api_refuses_is_given_up_and_the_next_one_is_written(int code, string reason)
    {
        Record("refused");
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(code, reason, "no"), code);
        Record("drifted");

        await CreatedAsync("drifted");
        Assert.Contains(_log.Collector.GetSnapshot(), entry => entry.Message == "Event Drifted about ns/a could not be written. no");
    }

    [Fact]
    public async Task An_event_is_tried_again_while_the_api_is_away_or_busy()
    {
        Record("drifted");
        (await _server.NextAsync()).Drop();
        await RetryAsync();
        await (await _server.NextAsync()).AnswerAsync("", 503);
        await RetryAsync();
        await (await _server.NextAsync()).AnswerAsync("", 429);
        await RetryAsync();

        await CreatedAsync("drifted");
    }

    [Fact]
    public async Task An_event_whose_answer_was_lost_is_not_written_twice()
    {
        Record("drifted");
        (await _server.NextAsync()).Drop();
        await RetryAsync();
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(409, "AlreadyExists"), 409);
        Record("drifted");

        Assert.Equal(2, (await CountedAsync()).Count);
    }

    [Fact]
    public async Task An_api_that_stays_away_does_not_hold_an_event_for_ever()
    {
        Record("lost");
        for (var tries = 1; tries < 12; tries++)
        {
            await (await _server.NextAsync()).AnswerAsync("", 503);
            await RetryAsync();
        }

        await (await _server.NextAsync()).AnswerAsync("", 503);
        Record("drifted");
        await CreatedAsync("drifted");
    }

    [Fact]
    public async Task An_object_that_has_ever_new_events_is_held_back()
    {
        for (var i = 0; i < 30; i++)
        {
            Record($"size was {i}");
        }

        for (var i = 0; i < 25; i++)
        {
            await CreatedAsync($"size was {i}");
        }

        Record("drifted", about: "b");
        await CreatedAsync("drifted");
    }

    [Fact]
    public async Task While_the_api_hangs_nobody_waits_and_what_is_dropped_is_told()
    {
        Record("first");
        var hanging = await _server.NextAsync();
        for (var i = 0; i < 1003; i++)
        {
            Record("drifted");
        }

        await hanging.AnswerAsync("{}");
        await CreatedAsync("drifted");

        Assert.Contains(_log.Collector.GetSnapshot(), entry => entry.Message.StartsWith("3 events were dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_writes_what_was_recorded_and_what_was_only_counted()
    {
        Record("drifted");
        await CreatedAsync("drifted");
        Record("drifted");
        await CountedAsync();
        Record("drifted");
        Record("last words");
        var stopping = StopAsync();

        await CreatedAsync("last words");
        Assert.Equal(3, (await CountedAsync()).Count);
        await Patience.For(stopping, "the recorder does not stop");
    }

    [Fact]
    public async Task Stopping_does_not_wait_long_for_an_api_that_hangs()
    {
        Record("drifted");
        await _server.NextAsync();
        var stopping = StopAsync();
        Assert.False(stopping.IsCompleted);
        await _clock.FireAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

        await Patience.For(stopping, "the recorder does not stop");
    }

    [Fact]
    public async Task What_a_stop_leaves_unsent_is_told()
    {
        Record("under way");
        await _server.NextAsync();
        Record("waits");
        Record("waits", about: "b");
        var stopping = StopAsync();
        await _clock.FireAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await Patience.For(stopping, "the recorder does not stop");

        Assert.StartsWith("3 events were lost", Assert.Single(_log.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_that_leaves_nothing_unsent_tells_nothing()
    {
        Record("drifted");
        await CreatedAsync("drifted");
        await Patience.For(StopAsync(), "the recorder does not stop");

        Assert.Empty(_log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task What_is_recorded_after_the_stop_disturbs_nobody()
    {
        await Patience.For(StopAsync(), "the recorder does not stop");
        Record("too late");

        Assert.False(_server.HasRequest);
    }

    private void Record(string note, string about = "a") =>
        _recorder.Record(new(new(Widget.Type, Widget.Key(about), "u"), EventSeverity.Warning, "Drifted", "Repair", note));

    private Task StopAsync() => _recorder.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until all that was recorded so far is dealt with: another event is only then begun.</summary>
    private async Task SettleAsync()
    {
        var note = $"settled {_clock.GetUtcNow()}";
        Record(note, about: "another");
        await CreatedAsync(note);
        await _clock.UntilAsync(waiting => waiting.Count == 1, "more is waited for than the next sweep");
    }

    /// <summary>Lets the pause pass after a call that failed.</summary>
    private async Task RetryAsync()
    {
        var (call, sweep) = (_connection.CallTimeout, NextSweep());
        await _clock.UntilAsync(waiting => waiting.Count == 2 && !waiting.Contains(call), "no pause was begun");
        _clock.Advance(_clock.Waiting.Single(left => left != sweep));
    }

    /// <summary>They come every minute, and the clock began at a full one.</summary>
    private TimeSpan NextSweep() => Minute - TimeSpan.FromTicks(_clock.GetUtcNow().Ticks % Minute.Ticks);

    private async Task<(ScriptedRequest Request, string Name)> CreatedAsync(string note)
    {
        var request = await _server.NextAsync();
        await request.AnswerAsync("{}", 201);
        var body = JsonNode.Parse(request.Body)!;
        Assert.Equal(("POST", note), (request.Method, (string?)body["note"]));
        return (request, (string)body["metadata"]!["name"]!);
    }

    private async Task<(string Name, int Count)> CountedAsync()
    {
        var request = await _server.NextAsync();
        await request.AnswerAsync("{}");
        Assert.Equal(("PATCH", "application/merge-patch+json"), (request.Method, request.ContentType));
        return (request.Path.Split('?')[0][(Events.Length + 1)..], (int)JsonNode.Parse(request.Body)!["series"]!["count"]!);
    }
}
