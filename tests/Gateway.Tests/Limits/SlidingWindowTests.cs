using CsCheck;
using Gateway.Limits;
using Gateway.Policies;

namespace Gateway.Tests.Limits;

/// <summary>The window of sixty slices against lists of times.</summary>
public sealed class SlidingWindowTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Slice = Window / SlidingWindow.Slices;

    /// <summary>Pauses between requests: mostly short, sometimes longer than two windows.</summary>
    private static readonly Gen<int[]> Pauses = Gen.Frequency((8, Gen.Int[0, 1500]), (2, Gen.Int[1500, 20_000]), (1, Gen.Int[50_000, 200_000])).Array[1, 200];

    [Fact]
    public void It_says_what_a_list_of_times_says() => Gen.Select(Pauses, Gen.Int[1, 20], Gen.Int[0, 20]).Sample((pauses, requests, more) =>
    {
        var limit = Limit(requests, burst: requests + more);
        var (window, reference) = (new SlidingWindow(limit), new ListOfTimes(limit));
        foreach (var now in Times(pauses))
        {
            Assert.Equal(reference.Take(now), window.Take(now).IsWithin);
        }
    });

    [Fact]
    public void No_window_ever_has_more_than_the_limit_wherever_it_begins() => Gen.Select(Pauses, Gen.Int[1, 20]).Sample((pauses, requests) =>
    {
        var window = new SlidingWindow(Limit(requests));
        var passed = new List<TimeSpan>();
        foreach (var now in Times(pauses).Where(now => window.Take(now).IsWithin))
        {
            passed.Add(now);
            Assert.True(passed.Count(time => now - time < Window) <= requests);
        }
    });

    [Fact]
    public void With_a_burst_no_window_has_more_than_the_burst_and_no_two_more_than_twice_the_limit_and_a_burst() =>
        Gen.Select(Pauses, Gen.Int[1, 20], Gen.Int[1, 20]).Sample((pauses, requests, more) =>
        {
            var window = new SlidingWindow(Limit(requests, requests + more));
            var passed = new List<TimeSpan>();
            foreach (var now in Times(pauses).Where(now => window.Take(now).IsWithin))
            {
                passed.Add(now);
                Assert.True(passed.Count(time => now - time < Window) <= requests + more);
                Assert.True(passed.Count(time => now - time < 2 * Window) <= (2 * requests) + more);
            }
        });

    [Fact]
    public void Nobody_waits_more_than_a_slice_longer_than_the_window_asks_for() => Gen.Select(Pauses, Gen.Int[1, 20]).Sample((pauses, requests) =>
    {
        var window = new SlidingWindow(Limit(requests));
        var passed = new List<TimeSpan>();
        foreach (var now in Times(pauses))
        {
            var within = window.Take(now).IsWithin;
            if (!within)
            {
                Assert.True(passed.Count(time => now - time < Window + Slice) >= requests);
            }
            else
            {
                passed.Add(now);
            }
        }
    });

    [Fact]
    public void Who_comes_after_the_reset_gets_through_and_who_comes_just_before_does_not() => Gen.Select(Pauses, Gen.Int[1, 20]).Sample((pauses, requests) =>
    {
        var (early, late) = (new SlidingWindow(Limit(requests)), new SlidingWindow(Limit(requests)));
        foreach (var now in Times(pauses))
        {
            var verdict = early.Take(now);
            late.Take(now);
            if (!verdict.IsWithin)
            {
                Assert.True(verdict.Reset > TimeSpan.Zero);
                Assert.False(early.Take(now + verdict.Reset - TimeSpan.FromTicks(1)).IsWithin);
                Assert.True(late.Take(now + verdict.Reset).IsWithin);
                return;
            }
        }
    });

    [Fact]
    public void What_is_left_counts_down_to_the_refusal()
    {
        var window = new SlidingWindow(Limit(3));

        Assert.Equal([2, 1, 0], Enumerable.Range(0, 3).Select(_ => window.Take(TimeSpan.FromHours(1)).Remaining));
        var refused = window.Take(TimeSpan.FromHours(1));
        Assert.Equal((false, 0), (refused.IsWithin, refused.Remaining));
        Assert.Equal(61, refused.Reset.TotalSeconds);
    }

    [Fact]
    public void A_request_that_is_given_back_does_not_count() => Gen.Select(Pauses, Gen.Int[1, 20]).Sample((pauses, requests) =>
    {
        var (window, reference) = (new SlidingWindow(Limit(requests)), new SlidingWindow(Limit(requests)));
        foreach (var (index, now) in Times(pauses).Index())
        {
            if (index % 3 == 0)
            {
                if (window.Take(now).IsWithin)
                {
                    window.GiveBack(now);
                }
            }
            else
            {
                Assert.Equal(reference.Take(now), window.Take(now));
            }
        }
    });

    [Fact]
    public void A_clock_that_goes_back_does_not_free_anything()
    {
        var window = new SlidingWindow(Limit(1));
        window.Take(TimeSpan.FromHours(1));

        Assert.False(window.Take(TimeSpan.FromMinutes(1)).IsWithin);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(3600)]
    [InlineData(86_400)]
    public void The_first_request_over_the_limit_is_the_first_to_be_refused(int seconds)
    {
        var window = new SlidingWindow(Limit(1000) with { Window = TimeSpan.FromSeconds(seconds) });

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(window.Take(TimeSpan.FromDays(20)).IsWithin));
        Assert.False(window.Take(TimeSpan.FromDays(20)).IsWithin);
    }

    private static IEnumerable<TimeSpan> Times(int[] pauses)
    {
        var now = TimeSpan.FromHours(1);
        foreach (var pause in pauses)
        {
            yield return now += TimeSpan.FromMilliseconds(pause);
        }
    }

    private static RateLimit Limit(int requests, int? burst = null) => new() { Name = "test", Requests = requests, Window = Window, Burst = burst };

    /// <summary>Every time that passed, and nothing clever.</summary>
    private sealed class ListOfTimes(RateLimit limit)
    {
        private readonly List<long> _slices = [];

        public bool Take(TimeSpan now)
        {
            var slice = now.Ticks / Slice.Ticks;
            var used = _slices.Count(passed => passed >= slice - SlidingWindow.Slices);
            var before = _slices.Count(passed => passed < slice - SlidingWindow.Slices && passed >= slice - (2 * SlidingWindow.Slices));
            var allowed = Math.Min(limit.Burst ?? limit.Requests, limit.Requests + Math.Max(limit.Requests - before, 0));
            if (used < allowed)
            {
                _slices.Add(slice);
                return true;
            }

            return false;
        }
    }
}
