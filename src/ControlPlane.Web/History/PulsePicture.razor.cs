using System.Globalization;
using ControlPlane.Api.Audit;
using ControlPlane.Api.History;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.History;

/// <summary>How many services there were and how many changes, over a period; a bar leads to its stretch.</summary>
public sealed partial class PulsePicture
{
    private const int Wide = 1000;
    private const int High = 56;
    private const double Gap = 0.75;
    private const double Least = 3;

    private HistoryPeriod? _asked;
    private HistoryPulse? _pulse;

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public HistoryUrl Url { get; set; } = null!;

    /// <summary>The period.</summary>
    [Parameter, EditorRequired]
    public HistoryPeriod Period { get; set; } = null!;

    [Inject]
    private HistoryQuery History { get; set; } = null!;

    private double Step => (double)Wide / _pulse!.Bars.Count;

    /// <summary>Services at the end of each stretch, from nothing at the bottom to the most at the top.</summary>
    private string Line
    {
        get
        {
            var most = Math.Max(1, _pulse!.Bars.Max(bar => bar.Services));
            return string.Join(' ', _pulse.Bars.SelectMany((bar, i) => new[] { i, i + 1 }.Select(at => $"{Number(at * Step)},{Number(High - 2 - ((High - 6) * (double)bar.Services / most))}")));
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != Period)
        {
            _asked = Period;
            await ReadAsync();
        }
    }

    private Task ReadAsync() => AskAsync(cancel => History.PulseAsync(Period, cancel), pulse => _pulse = pulse);

    private double Height(HistoryBar bar) => Math.Max(Least, (High - 16) * Math.Sqrt((double)bar.Changes / _pulse!.Bars.Max(other => other.Changes)));

    private string Address(HistoryBar bar) => (Url with { From = Instant.Write(bar.Start), To = Instant.Write(bar.End), At = null }).Write();

    private static string Words(HistoryBar bar) =>
        $"{IndiaTime.Minute(bar.Start)} to {IndiaTime.Minute(bar.End)}: {IndianNumber.Of(bar.Changes, "change")}, {IndianNumber.Of(bar.Services, "service")}";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
