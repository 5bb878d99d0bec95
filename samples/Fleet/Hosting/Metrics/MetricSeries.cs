using System.Text;

namespace Fleet.Hosting.Metrics;

/// <summary>What was measured under one set of labels. Measured by many threads, written by one.</summary>
internal abstract class MetricSeries
{
    protected Lock Gate { get; } = new();

    public abstract void Record(double value);

    public abstract void WriteTo(StringBuilder text, string name, string labels);
}

/// <summary>Sum of what was measured: a counter, or a gauge that moves by steps.</summary>
internal sealed class SumSeries : MetricSeries
{
    private double _sum;

    public override void Record(double value)
    {
        lock (Gate)
        {
            _sum += value;
        }
    }

    public override void WriteTo(StringBuilder text, string name, string labels)
    {
        lock (Gate)
        {
            PrometheusText.AppendSample(text, name, labels, _sum);
        }
    }
}

/// <summary>The value that was measured last.</summary>
internal sealed class LastValueSeries : MetricSeries
{
    private double _value;

    public override void Record(double value) => Volatile.Write(ref _value, value);

    public override void WriteTo(StringBuilder text, string name, string labels) =>
        PrometheusText.AppendSample(text, name, labels, Volatile.Read(ref _value));
}

/// <summary>How many values fell under each bound, and their sum.</summary>
internal sealed class HistogramSeries(IReadOnlyList<double> bounds) : MetricSeries
{
    private readonly long[] _counts = new long[bounds.Count + 1];
    private double _sum;

    public override void Record(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
        {
            bucket++;
        }

        lock (Gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    public override void WriteTo(StringBuilder text, string name, string labels)
    {
        lock (Gate)
        {
            long cumulative = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                cumulative += _counts[i];
                var bound = i < bounds.Count ? PrometheusText.Number(bounds[i]) : "+Inf";
                PrometheusText.AppendSample(text, name + "_bucket", PrometheusText.And(labels, $"le=\"{bound}\""), cumulative);
            }

            PrometheusText.AppendSample(text, name + "_sum", labels, _sum);
            PrometheusText.AppendSample(text, name + "_count", labels, cumulative);
        }
    }
}
