using System.Globalization;
using ControlPlane.Api.Traffic.Map;
using ControlPlane.Kubernetes.Resources.Traffic.Readings;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Formatting;
using MudBlazor;

namespace ControlPlane.Web.Traffic;

/// <summary>How traffic reads.</summary>
internal static class TrafficWords
{
    /// <summary>Requests a second, or a minute where they are few.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        <= 0 => "0/s",
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{perSecond * 60:0.#}/min"),
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0}/s"),
        _ => $"{IndianNumber.Count((long)Math.Round(perSecond))}/s",
    };

    /// <summary>A share; one that is not whole never reads as if it were.</summary>
    public static string Share(double? share) => share switch
    {
        null => "–",
        >= 1 => "100 %",
        > 0.9995 => "> 99.9 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %"),
    };

    /// <summary>A duration.</summary>
    public static string Time(double? seconds) => seconds switch
    {
        null => "–",
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.0} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
    };

    /// <summary>Everything in one line, for those who point at it or hear it.</summary>
    public static string Line(TrafficStats stats) =>
        $"{Rate(stats.RequestsPerSecond)}, {Share(stats.SuccessRate)} without error, p50 {Time(stats.P50)}, p95 {Time(stats.P95)}, p99 {Time(stats.P99)}"
        + (stats.LimitedPerSecond > 0 ? $", {Rate(stats.LimitedPerSecond)} refused by limits" : "");

    /// <summary>How traffic goes: by the share of errors, and by the circuit in front.</summary>
    public static Look Look(TrafficStats stats, CircuitCondition? circuit) => (circuit, stats.SuccessRate) switch
    {
        (CircuitCondition.Open, _) => new("Circuit open", Icons.Material.Rounded.Dangerous, "bad"),
        (CircuitCondition.ForcedOpen, _) => new("Circuit forced open", Icons.Material.Rounded.Block, "bad"),
        (CircuitCondition.HalfOpen, _) => new("Circuit half open", Icons.Material.Rounded.ChangeCircle, "poor"),
        (_, null) => new("Calls only", Icons.Material.Rounded.ArrowCircleRight, "unknown"),
        (_, < 0.95) => new("Many errors", Icons.Material.Rounded.Error, "bad"),
        (_, < 0.99) => new("Some errors", Icons.Material.Rounded.Warning, "poor"),
        _ => new("Goes well", Icons.Material.Rounded.CheckCircle, "good"),
    };

    /// <summary>A circuit's state in a word.</summary>
    public static string Circuit(CircuitCondition? circuit) => circuit switch
    {
        null => "–",
        CircuitCondition.HalfOpen => "half open",
        CircuitCondition.ForcedOpen => "forced open",
        CircuitCondition.ForcedClosed => "forced closed",
        CircuitCondition.Open => "open",
        _ => "closed",
    };
}
