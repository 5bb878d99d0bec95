using System.Globalization;
using System.Text;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;

namespace Operators.Metrics.Prometheus;

/// <summary>
/// Traffic as a Prometheus has it that scrapes the gateway (<c>gateway_requests_total</c> and <c>gateway_request_duration_seconds</c>, docs/traffic/gateway.md).
/// Numbers are what <c>increase</c> makes of counters: estimates over the time asked for, from the scrapes within it.
/// </summary>
internal sealed class PrometheusMetricsProvider(PrometheusApi api, TimeProvider time) : IMetricsProvider, IDisposable
{
    private const string Requests = "gateway_requests_total";
    private const string Durations = "gateway_request_duration_seconds_bucket";
    private const string Flow = "source, service, version, route, track";

    public string Name => "prometheus";

    public TimeSpan Retention => TimeSpan.FromDays(15); // Prometheus's own default; an older question comes to nothing, which is no error

    public void Dispose() => api.Dispose();

    public async Task<TrafficReading> ReadAsync(TrafficQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var range = Range(question);
        var requests = await api.QueryAsync($"sum by ({Flow}, code) (increase({Requests}{Selector(question)}{range})) > 0", question.To, cancellationToken);
        var durations = await api.QueryAsync($"sum by ({Flow}, le) (increase({Durations}{Selector(question)}{range}))", question.To, cancellationToken);
        var latencies = durations.GroupBy(FlowOf).ToDictionary(static group => group.Key, Histogram);
        return new TrafficReading(
            question.From,
            question.To,
            [
                .. requests.GroupBy(FlowOf).Select(group => new TrafficSeries(
                    group.Key,
                    group.Select(static sample => RequestCounts.Of(int.TryParse(sample["code"], out var code) ? code : 0, sample.Value)).Aggregate(RequestCounts.Add),
                    latencies.GetValueOrDefault(group.Key, LatencyHistogram.Empty))),
            ]);
    }

    public async Task<IReadOnlyList<CircuitReading>> ReadCircuitsAsync(CancellationToken cancellationToken)
    {
        // Of several gateways, the one where the circuit lets least through.
        var states = await api.QueryAsync("max by (service) (gateway_circuit_state)", time.GetUtcNow(), cancellationToken);
        return [.. states.Where(static state => Enum.IsDefined((CircuitCondition)(int)state.Value)).Select(static state => new CircuitReading(state["service"], (CircuitCondition)(int)state.Value))];
    }

    public async Task<double> EvaluateAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        await api.QueryAsync(expression, at, cancellationToken) switch
        {
            [] => throw new MetricsException(MetricsFailure.NoData, "the expression comes to nothing: there is no such series, or none in this time"),
            [{ Value: var value }] when double.IsFinite(value) => value,
            [{ Value: var value }] => throw new MetricsException(
                MetricsFailure.NotANumber, $"the expression comes to {value.ToString(CultureInfo.InvariantCulture)}, as when nothing is divided by nothing"),
            var many => throw new MetricsException(
                MetricsFailure.SeveralSeries, $"the expression comes to {many.Count} numbers, where one is needed: aggregate it, for example with sum()"),
        };

    private static string Range(TrafficQuestion question) =>
        $"[{Math.Max(1, (long)Math.Round((question.To - question.From).TotalSeconds)).ToString(CultureInfo.InvariantCulture)}s]";

    private static string Selector(TrafficQuestion question)
    {
        var matchers = new List<string>();
        void Match(string label, string? value)
        {
            if (value is not null)
            {
                matchers.Add($"{label}={Quoted(value)}");
            }
        }

        Match("service", question.Service);
        Match("version", question.Version);
        Match("source", question.Source);
        Match("route", question.Route);
        Match("track", question.Track);
        return matchers.Count == 0 ? "" : $"{{{string.Join(",", matchers)}}}";
    }

    /// <summary>A string of PromQL, which has Go's escapes.</summary>
    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                _ when char.IsControl(letter) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        return text.Append('"').ToString();
    }

    private static TrafficFlow FlowOf(PrometheusSample sample) => new(sample["source"], sample["service"], sample["version"], sample["route"], sample["track"]);

    /// <summary>Cumulative buckets to counts of each. Estimates of neighbours may cross by a little; a count is never below nothing.</summary>
    private static LatencyHistogram Histogram(IEnumerable<PrometheusSample> buckets)
    {
        var rising = buckets
            .Select(static bucket => (Bound: Bound(bucket["le"]), bucket.Value))
            .Where(static bucket => !double.IsNaN(bucket.Bound) && double.IsFinite(bucket.Value))
            .OrderBy(static bucket => bucket.Bound)
            .ToList();
        if (rising.Count == 0 || !double.IsPositiveInfinity(rising[^1].Bound))
        {
            return LatencyHistogram.Empty;
        }

        var before = 0d;
        var counts = new List<double>(rising.Count);
        foreach (var (_, sum) in rising)
        {
            counts.Add(Math.Max(0, sum - before));
            before = Math.Max(before, sum);
        }

        return new LatencyHistogram([.. rising.SkipLast(1).Select(static bucket => bucket.Bound)], counts);
    }

    private static double Bound(string text) => text == "+Inf" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound
        : double.NaN;
}
