using System.Globalization;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>What states a circuit was in over the last hour at a gateway.</summary>
public sealed partial class CircuitStrip
{
    private const double Units = 1000;
    private static readonly TimeSpan Length = TimeSpan.FromHours(1);

    private IReadOnlyList<CircuitSpan> _spans = [];

    /// <summary>The circuit at the gateway.</summary>
    [Parameter, EditorRequired]
    public CircuitAtGateway Circuit { get; set; } = null!;

    private DateTimeOffset From => Circuit.At - Length;

    private string Words
    {
        get
        {
            var stopped = _spans.Where(static span => span.State is CircuitState.Open or CircuitState.ForcedOpen).ToList();
            return stopped.Count == 0
                ? "In the last hour it let requests through all the time that is known"
                : $"In the last hour it let nothing through {IndianNumber.Of(stopped.Count, "time")}, for {Age.Of(stopped.Aggregate(TimeSpan.Zero, static (sum, span) => sum + (span.To - span.From)))} in all";
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _spans = CircuitSpan.Of(Circuit, From, Circuit.At);

    private string X(DateTimeOffset at) => ((at - From) / Length * Units).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>At least a line's width: an outage of a second must be seen.</summary>
    private static string Width(CircuitSpan span) => Math.Max((span.To - span.From) / Length * Units, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static int Top(CircuitSpan span) => span.State switch
    {
        null => 16,
        CircuitState.Closed => 12,
        CircuitState.ForcedClosed => 8,
        CircuitState.HalfOpen => 4,
        _ => 0,
    };

    private static string Tone(CircuitSpan span) => span.State is { } state ? Look.Of(state).Tone : "none";

    private static string Title(CircuitSpan span) => $"{(span.State is { } state ? Look.Of(state).Word : "Not known")}, {IndiaTime.OfDay(span.From)} to {IndiaTime.OfDay(span.To)}";
}
