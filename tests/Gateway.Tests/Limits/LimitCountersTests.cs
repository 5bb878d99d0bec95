using System.Globalization;
using Gateway.Limits;
using Gateway.Policies;

namespace Gateway.Tests.Limits;

public sealed class LimitCountersTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    [Fact]
    public void Each_caller_has_a_count_of_its_own()
    {
        var counters = new LimitCounters(Limit(1));

        Assert.True(counters.Take("a", Now).IsWithin);
        Assert.True(counters.Take("b", Now).IsWithin);
        Assert.False(counters.Take("a", Now).IsWithin);
    }

    [Fact]
    public void Ever_new_callers_take_a_bounded_amount_of_memory()
    {
        var counters = new LimitCounters(Limit(1), maximumCallers: 1000);

        for (var i = 0; i < 50_000; i++)
        {
            counters.Take(i.ToString(CultureInfo.InvariantCulture), Now);
            Assert.True(counters.Callers <= 1000);
        }
    }

    [Fact]
    public void Who_keeps_calling_is_not_forgotten_for_the_sake_of_newcomers()
    {
        var counters = new LimitCounters(Limit(1), maximumCallers: 1600);
        counters.Take("regular", Now);

        for (var i = 0; i < 20_000; i++)
        {
            counters.Take(i.ToString(CultureInfo.InvariantCulture), Now);
            Assert.False(i % 10 == 0 && counters.Take("regular", Now).IsWithin);
        }
    }

    [Fact]
    public void A_limit_that_only_watches_counts_on()
    {
        var counters = new LimitCounters(Limit(1) with { Shadow = true });
        counters.Take("a", Now);

        Assert.False(counters.Take("a", Now).IsWithin);
        Assert.False(counters.Take("a", Now + TimeSpan.FromSeconds(59)).IsWithin);
        Assert.False(counters.Take("a", Now + TimeSpan.FromSeconds(100)).IsWithin); // the one at 59 still counts, though it was over the limit
    }

    [Fact]
    public void A_look_counts_nothing_and_names_those_who_are_nearest_to_the_limit()
    {
        var counters = new LimitCounters(Limit(10));
        foreach (var (caller, requests) in new[] { ("idle", 1), ("busy", 8), ("over", 13), ("usual", 4) })
        {
            for (var i = 0; i < requests; i++)
            {
                counters.Take(caller, Now);
            }
        }

        var look = counters.Look(Now, 2);

        Assert.Equal((23L, 3L, 4, 1), (look.Allowed, look.Refused, look.Callers, look.Limited));
        Assert.Equal([("over", new WindowUse(10, 10, 3, Now)), ("busy", new WindowUse(8, 10, 0, null))], look.Busiest);
        Assert.Equal(look.Busiest, counters.Look(Now, 2).Busiest);
    }

    [Fact]
    public void Counting_is_exact_under_many_threads()
    {
        var counters = new LimitCounters(Limit(1000));
        var passed = 0;

        Parallel.For(0, 5000, _ =>
        {
            if (counters.Take("a", Now).IsWithin)
            {
                Interlocked.Increment(ref passed);
            }
        });

        Assert.Equal(1000, passed);
    }

    private static RateLimit Limit(int requests) => new() { Name = "test", Requests = requests, Window = TimeSpan.FromMinutes(1) };
}
