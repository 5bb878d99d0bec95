using System.Diagnostics.Metrics;
using ControlPlane.Kubernetes.Metrics;

namespace ControlPlane.Kubernetes.Tests.Testing;

internal static class TestMetrics
{
    /// <summary>Instruments on a meter of their own, which nobody else's measurements reach.</summary>
    public static RuntimeMetrics Create() => new(new Meter(RuntimeMetrics.MeterName));
}
