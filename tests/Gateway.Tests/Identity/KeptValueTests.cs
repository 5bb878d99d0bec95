using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class KeptValueTests
{
    private static readonly KeptTimes Times = new(Fresh: TimeSpan.FromMinutes(5), Pause: TimeSpan.FromSeconds(10), Patience: TimeSpan.FromSeconds(5));

    private readonly TestClock _clock = new();
    private readonly List<string?> _told = [];
    private int _reads;
    private string? _problem;

    [Fact]
    public async Task A_value_is_read_once_while_it_is_fresh()
    {
        var kept = Kept();

        Assert.Equal("1", await Get(kept));
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("1", await Get(kept));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task An_old_value_is_given_at_once_while_a_new_one_is_read()
    {
        var kept = Kept();
        await Get(kept);
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("1", await Get(kept));
        await NextAsync(kept, "2");
    }

    [Fact]
    public async Task When_reading_fails_the_last_good_value_goes_on_and_the_problem_is_told_until_it_is_over()
    {
        var kept = Kept();
        await Get(kept);
        _problem = "it answers 500";
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("1", await Get(kept, isOutdated: true));
        Assert.Equal([null, "it answers 500"], _told);

        _problem = null;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("3", await Get(kept, isOutdated: true));
        Assert.Equal([null, "it answers 500", null], _told);
    }

    [Fact]
    public async Task Who_wants_a_newer_value_gets_one_at_most_once_a_pause()
    {
        var kept = Kept();
        await Get(kept);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("1", await Get(kept, isOutdated: true));
        }

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("2", await Get(kept, isOutdated: true));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task While_there_never_was_a_value_there_is_none_and_it_is_tried_again_after_the_pause()
    {
        _problem = "it answers 404";
        var kept = Kept();
        Assert.Null(await Get(kept));
        Assert.Null(await Get(kept));
        Assert.Equal(1, _reads);

        _problem = null;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("2", await Get(kept));
    }

    private KeptValue<string> Kept() => new(
        _ =>
        {
            var read = Interlocked.Increment(ref _reads);
            return _problem is { } problem ? throw new HttpRequestException(problem) : Task.FromResult($"{read}");
        },
        Times,
        _told.Add,
        _clock);

    private static ValueTask<string?> Get(KeptValue<string> kept, bool isOutdated = false) => kept.GetAsync(isOutdated, TestContext.Current.CancellationToken);

    /// <summary>Waits for what is read in the background: who wants a newer one joins it.</summary>
    private static async Task NextAsync(KeptValue<string> kept, string value)
    {
        while (await Get(kept, isOutdated: true) != value)
        {
            await Task.Yield();
        }
    }
}
