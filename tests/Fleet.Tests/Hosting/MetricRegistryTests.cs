using System.Diagnostics.Metrics;
using CsCheck;
using Fleet.Hosting.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Tests.Hosting;

public sealed class MetricRegistryTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricRegistry _registry;

    public MetricRegistryTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _meter = meters.Create("Fleet.Test");
        _registry = new MetricRegistry(meters);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_family_is_written_in_the_text_format()
    {
        var counter = _meter.CreateCounter<long>("parcels_total", description: "Parcels\nbrought \\ carried.");
        counter.Add(2, new KeyValuePair<string, object?>("hub", "dadar \"west\"\\\n"));
        counter.Add(1);

        Assert.Equal(
            """
            # HELP parcels_total Parcels\nbrought \\ carried.
            # TYPE parcels_total counter
            parcels_total 1
            parcels_total{hub="dadar \"west\"\\\n"} 2

            """,
            _registry.Scrape());
    }

    [Fact]
    public void A_histogram_counts_each_value_in_every_bucket_that_holds_it()
    {
        double[] bounds = [0.1, 0.5, 2];
        Gen.Double[0, 5].Array[1, 50].Sample(values =>
        {
            var series = new HistogramSeries(bounds);
            Array.ForEach(values, series.Record);
            var text = new System.Text.StringBuilder();
            series.WriteTo(text, "t", "");

            var expected = bounds.Select(b => $"t_bucket{{le=\"{PrometheusText.Number(b)}\"}} {values.Count(v => v <= b)}")
                .Append($"t_bucket{{le=\"+Inf\"}} {values.Length}")
                .Append($"t_sum {PrometheusText.Number(values.Aggregate(0.0, (sum, v) => sum + v))}")
                .Append($"t_count {values.Length}");
            Assert.Equal(string.Join('\n', expected) + "\n", text.ToString());
        });
    }

    [Fact]
    public void Meters_of_another_instance_are_not_listened_to()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("Fleet.Test").CreateCounter<long>("foreign_total").Add(1);

        Assert.Equal("", _registry.Scrape());
    }

    [Fact]
    public void Series_beyond_the_limit_are_counted_as_one()
    {
        var counter = _meter.CreateCounter<long>("parcels_total");
        for (var i = 0; i < MetricFamily.MaxSeries + 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("n", i));
        }

        var samples = _registry.Scrape().Split('\n').Where(l => l.StartsWith("parcels_total{", StringComparison.Ordinal)).ToArray();

        Assert.Equal(MetricFamily.MaxSeries + 1, samples.Length);
        Assert.Contains("parcels_total{overflow=\"true\"} 10", samples);
    }

    [Fact]
    public void A_gauge_has_the_value_of_the_moment_it_is_asked()
    {
        var length = 3L;
        _meter.CreateObservableGauge("queue_length", () => length);

        Assert.Contains("queue_length 3\n", _registry.Scrape(), StringComparison.Ordinal);
        length = 1;
        Assert.Contains("queue_length 1\n", _registry.Scrape(), StringComparison.Ordinal);
    }
}
