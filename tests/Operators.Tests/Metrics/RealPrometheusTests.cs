using System.Globalization;
using System.Text;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using Operators.Metrics;
using Operators.Metrics.Prometheus;

namespace Operators.Tests.Metrics;

/// <summary>The provider against a real Prometheus, with ten minutes of the gateway's metrics in it.</summary>
public sealed class RealPrometheusTests
{
    private const string Order = "source=\"\",service=\"shop/order\",version=\"1.0.0\",route=\"shop/shop\",track=\"canary\"";
    private const string Payment = "source=\"shop/order\",service=\"shop/payment\",version=\"2.0.0\",route=\"shop/payment\"";

    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = From + TimeSpan.FromMinutes(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traffic_is_told_by_flow_with_errors_and_latency_and_expressions_come_to_a_number_or_to_a_named_failure()
    {
        await using var server = await PrometheusServer.StartAsync(Samples(), Cancellation);
        using var provider = new PrometheusMetricsProvider(new PrometheusApi(server.Address, tokenFile: null, TimeProvider.System), TimeProvider.System);
        Task<TrafficReading> Read(Func<TrafficQuestion, TrafficQuestion>? narrow = null)
        {
            var question = new TrafficQuestion(To - TimeSpan.FromMinutes(5), To);
            return provider.ReadAsync(narrow?.Invoke(question) ?? question, Cancellation);
        }

        // 4 requests a second to order, of which one in four fails; 2 a second to payment.
        var reading = await Read();
        var order = Assert.Single(reading.Series, series => series.Flow == new TrafficFlow("", "shop/order", "1.0.0", "shop/shop", "canary"));
        Assert.Equal(1200, order.Counts.Total, tolerance: 1);
        Assert.Equal(300, order.Counts.Errors, tolerance: 1);
        Assert.Equal(4, order.Counts.Total / reading.Seconds, tolerance: 0.01);
        // Half within 0.1 s, all within 0.5 s.
        Assert.Equal(0.1, order.Latency.Quantile(0.5)!.Value, tolerance: 0.001);
        Assert.Equal(0.46, order.Latency.Quantile(0.95)!.Value, tolerance: 0.001);
        var payment = Assert.Single(reading.Series, series => series.Flow.Service == "shop/payment");
        Assert.Equal((600, 0), (Math.Round(payment.Counts.Total), payment.Counts.Errors));
        Assert.Equal(0, payment.Latency.Total); // it has no histogram here, which is no error

        Assert.Equal("shop/payment", Assert.Single((await Read(question => question with { Source = "shop/order" })).Series).Flow.Service);
        Assert.Equal("shop/order", Assert.Single((await Read(question => question with { Source = "" })).Series).Flow.Service);
        Assert.Equal("2.0.0", Assert.Single((await Read(question => question with { Service = "shop/payment", Version = "2.0.0", Route = "shop/payment" })).Series).Flow.Version);
        Assert.Equal("shop/order", Assert.Single((await Read(question => question with { Track = "canary" })).Series).Flow.Service);
        Assert.Empty((await Read(question => question with { Version = "9.9.9" })).Series);
        Assert.Empty((await Read(question => question with { Service = "\"} or vector(1) #\\" })).Series); // a name is a name, whatever is in it
        Assert.Empty((await provider.ReadAsync(new TrafficQuestion(From.AddYears(1), From.AddYears(1).AddMinutes(5)), Cancellation)).Series);

        Assert.Equal(4, await provider.EvaluateAsync("""sum(rate(gateway_requests_total{service="shop/order"}[5m]))""", To, Cancellation), tolerance: 0.01);
        Assert.Equal(MetricsFailure.NoData, await FailureOf("nothing_of_that_name"));
        Assert.Equal(MetricsFailure.SeveralSeries, await FailureOf("rate(gateway_requests_total[5m])"));
        Assert.Equal(MetricsFailure.NotANumber, await FailureOf("""0 * sum(gateway_requests_total) / (0 * sum(gateway_requests_total))"""));
        Assert.Equal(MetricsFailure.BadExpression, await FailureOf("sum("));
        Assert.Equal(MetricsFailure.BadExpression, await FailureOf("gateway_requests_total[5m]"));
        Assert.Empty(await provider.ReadCircuitsAsync(Cancellation)); // it asks for now, of which this Prometheus knows nothing

        async Task<MetricsFailure> FailureOf(string expression) =>
            (await Assert.ThrowsAsync<MetricsException>(() => provider.EvaluateAsync(expression, To, Cancellation))).Failure;
    }

    private static string Samples()
    {
        var text = new StringBuilder("# TYPE gateway_requests counter\n");
        void Rising(string name, string labels, double perSecond)
        {
            for (var second = 0; second <= 600; second += 15)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {perSecond * second} {From.ToUnixTimeSeconds() + second}\n");
            }
        }

        Rising("gateway_requests_total", $"{Order},code=\"200\"", 3);
        Rising("gateway_requests_total", $"{Order},code=\"500\"", 1);
        Rising("gateway_requests_total", $"{Payment},code=\"201\"", 2);
        text.Append("# TYPE gateway_request_duration_seconds histogram\n");
        Rising("gateway_request_duration_seconds_bucket", $"{Order},le=\"0.1\"", 2);
        Rising("gateway_request_duration_seconds_bucket", $"{Order},le=\"0.5\"", 4);
        Rising("gateway_request_duration_seconds_bucket", $"{Order},le=\"+Inf\"", 4);
        return text.Append("# EOF\n").ToString();
    }
}
