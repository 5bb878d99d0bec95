using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using CsCheck;
using Gateway.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Metrics;

public sealed class TrafficWindowsTests
{
    private static readonly TrafficFlow Flow = new("shop/order", "shop/payment", "1.0.0", "shop/payment");

    private readonly FakeTimeProvider _time = new();
    private readonly TrafficWindows _windows;

    public TrafficWindowsTests() => _windows = new TrafficWindows(_time);

    [Fact]
    public void Requests_are_counted_by_what_became_of_them()
    {
        foreach (var status in (int[])[200, 302, 404, 429, 499, 500, 503])
        {
            _windows.Record(Flow, status, TimeSpan.FromMilliseconds(20));
        }

        var series = Assert.Single(Last(TimeSpan.FromMinutes(1)).Series);
        Assert.Equal(Flow, series.Flow);
        Assert.Equal(new RequestCounts(Total: 7, Errors: 2, Limited: 1, CalledOff: 1), series.Counts);
        Assert.Equal(4d / 6, series.Counts.SuccessRate!.Value, precision: 9); // who went away says nothing
        Assert.Equal(7, series.Latency.Total);
    }

    [Fact]
    public void What_is_older_than_the_window_is_not_counted_and_the_rate_is_over_the_time_that_is()
    {
        Record(10);
        _time.Advance(TimeSpan.FromMinutes(5));
        Record(3);

        Assert.Equal(3, Total(TimeSpan.FromMinutes(1)));
        Assert.Equal(13, Total(TimeSpan.FromMinutes(6)));
        // Asked for more than there has been, it says since when it counts.
        var all = Last(TimeSpan.FromHours(1));
        Assert.Equal(_windows.Since, all.From);
        Assert.Equal(300, all.Seconds, precision: 6);
    }

    [Fact]
    public void Counting_a_request_allocates_nothing()
    {
        Record(100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Record(10_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_024); // far less than a byte a request
    }

    [Fact]
    public void A_slice_that_comes_round_again_forgets_what_it_held()
    {
        Record(10);
        _time.Advance(TrafficWindows.Retention);
        Record(1);

        Assert.Equal(1, Total(TrafficWindows.Retention * 2));
    }

    [Fact]
    public void A_flow_that_has_ended_is_forgotten()
    {
        Record(10);
        _time.Advance(TrafficWindows.Retention * 2);

        Assert.Empty(Last(TrafficWindows.Retention * 2).Series);
        Record(1);
        Assert.Equal(1, Total(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Flows_beyond_the_most_are_counted_together_and_none_is_lost()
    {
        for (var number = 0; number < TrafficWindows.MostSeries + 50; number++)
        {
            _windows.Record(Flow with { Route = $"shop/route-{number}" }, 200, TimeSpan.Zero);
        }

        var series = Last(TimeSpan.FromMinutes(1)).Series;
        Assert.Equal(TrafficWindows.MostSeries + 50, series.Sum(one => one.Counts.Total));
        Assert.Equal(50, Assert.Single(series, one => one.Flow.Route.Length == 0).Counts.Total);
    }

    /// <summary>Against sorting all durations: off by no more than a bucket is wide.</summary>
    [Fact]
    public void A_quantile_is_near_the_true_one() => Gen.Int[300, 90_000_000].Array[1, 200].Sample(microseconds =>
    {
        var windows = new TrafficWindows(_time);
        foreach (var duration in microseconds)
        {
            windows.Record(Flow, 200, TimeSpan.FromMicroseconds(duration));
        }

        var latency = windows.Read(windows.Since, _time.GetUtcNow()).Series.Single().Latency;
        double[] sorted = [.. microseconds.Order().Select(duration => duration / 1e6)];
        foreach (var share in (double[])[0.5, 0.95, 0.99, 1])
        {
            var true_ = sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
            Assert.InRange(latency.Quantile(share)!.Value, true_ / 1.2, true_ * 1.2);
        }
    });

    /// <summary>Against a list of all requests: a window is the whole slices that it touches.</summary>
    [Fact]
    public void A_window_holds_what_came_within_its_slices() => Gen.Int[0, 40].Array[1, 60].Sample(pauses =>
    {
        var time = new FakeTimeProvider();
        var windows = new TrafficWindows(time);
        var came = new List<long>();
        foreach (var pause in pauses)
        {
            time.Advance(TimeSpan.FromSeconds(pause));
            windows.Record(Flow, 200, TimeSpan.Zero);
            came.Add((long)((time.GetUtcNow() - windows.Since) / TrafficWindows.Slice));
        }

        var now = came[^1];
        foreach (var slices in (int[])[1, 6, 30, 90])
        {
            var from = Math.Max(0, now - slices + 1);
            var reading = windows.Read(windows.Since + (TrafficWindows.Slice * from), time.GetUtcNow());
            Assert.Equal(came.Count(slice => slice >= Math.Max(from, now - TrafficWindows.Slices + 1)), reading.Series.Sum(series => series.Counts.Total));
        }
    });

    private void Record(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            _windows.Record(Flow, 200, TimeSpan.FromMilliseconds(5));
        }
    }

    private TrafficReading Last(TimeSpan window) => _windows.Read(_time.GetUtcNow() - window, _time.GetUtcNow());

    private double Total(TimeSpan window) => Last(window).Series.Sum(series => series.Counts.Total);
}
