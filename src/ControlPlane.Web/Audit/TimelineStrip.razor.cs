using System.Globalization;
using ControlPlane.Api.Audit;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Audit;

/// <summary>How the entries that match spread over time; a bar leads to its stretch.</summary>
public sealed partial class TimelineStrip
{
    private const int Wide = 1000;
    private const int High = 40;
    private const double Gap = 0.75;
    private const double Least = 3;

    private AuditSearchQuery? _asked;
    private AuditTimeline? _timeline;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public AuditUrl Url { get; set; } = null!;

    /// <summary>The search.</summary>
    [Parameter, EditorRequired]
    public AuditSearchQuery Query { get; set; } = null!;

    [Inject]
    private AuditSearch Search { get; set; } = null!;

    private double Step => (double)Wide / _timeline!.Bars.Count;

    private string Length => _timeline!.Width switch
    {
        { TotalDays: >= 2 } width => $"{width.TotalDays:0} days",
        { TotalDays: >= 1 } => "a day",
        { TotalHours: >= 2 } width => $"{width.TotalHours:0} hours",
        { TotalHours: >= 1 } => "an hour",
        { TotalMinutes: >= 2 } width => $"{width.TotalMinutes:0} minutes",
        _ => "a minute",
    };

    private string Most => _timeline!.Bars.MaxBy(bar => bar.Count) is { } bar ? Count(bar) : "0";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != Query)
        {
            _asked = Query;
            await ReadAsync();
        }
    }

    private Task ReadAsync() => AskAsync(cancel => Search.TimelineAsync(Query, cancel), timeline => _timeline = timeline);

    /// <summary>By the square root: a stretch of a few entries must be seen beside one of thousands.</summary>
    private double Height(TimelineBar bar) => Math.Max(Least, (High - 2) * Math.Sqrt((double)bar.Count / _timeline!.Bars.Max(other => other.Count)));

    private string Address(TimelineBar bar) =>
        new AuditUrl(Url.Request with { From = Instant.Write(bar.Start), To = Instant.Write(bar.End) }, Entry: null).Write();

    private static string Words(TimelineBar bar) => $"{IndiaTime.Minute(bar.Start)} to {IndiaTime.Minute(bar.End)}: {Count(bar)} {(bar.Count == 1 ? "entry" : "entries")}";

    private static string Count(TimelineBar bar) => IndianNumber.Count(bar.Count) + (bar.OrMore ? " or more" : "");

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
