using System.Diagnostics.Metrics;
using ControlPlane.Kubernetes.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ControlPlane.Api.Hosting;

/// <summary>
/// Metrics for Prometheus and, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, metrics and traces over OTLP. The only place that knows which
/// exporter is used (docs/adr/0003).
/// </summary>
internal static class Telemetry
{
    /// <summary>Meter of the embedded gateway, which this project does not know.</summary>
    private const string GatewayMeter = "Gateway";

    /// <summary>
    /// Label combinations for which the exporter reserves memory with each metric. Labels are kinds, verbs and codes, except those of routes; the
    /// exporter's own default of 2,000 would reserve 15 MB for numbers that are never there.
    /// </summary>
    private const int MostSeries = 250;

    public static IServiceCollection AddControlPlaneTelemetry(this IServiceCollection services)
    {
        var otlp = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("dabbawala"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(RuntimeMetrics.MeterName, GatewayMeter).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter();
                metrics.AddView(static instrument => IsOfRoutes(instrument) ? null : new() { CardinalityLimit = MostSeries });
                if (otlp)
                {
                    metrics.AddOtlpExporter();
                }
            })
            .WithTracing(traces =>
            {
                if (otlp)
                {
                    traces.AddSource(RuntimeMetrics.MeterName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter();
                }
            });
        return services;
    }

    private static bool IsOfRoutes(Instrument instrument) => instrument.Meter.Name == GatewayMeter || instrument.Name == "http.server.request.duration";
}
