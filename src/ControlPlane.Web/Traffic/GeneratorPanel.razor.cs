using System.Globalization;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Traffic.Generator;
using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>The made-up shoppers of the example fleet.</summary>
public sealed partial class GeneratorPanel
{
    private static readonly (int Minutes, string Title)[] Days =
        [(1440, "a day, by the clock of India"), (240, "four hours"), (60, "an hour"), (10, "ten minutes")];

    private GeneratorStatus? _status;
    private CommandRequirements _requirements = CommandRequirements.None;
    private IDisposable? _ticks;
    private bool _isOpen;
    private bool _on;
    private double _rate;
    private int _day;

    [Inject]
    private GeneratorControl Generator { get; set; } = null!;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    private string HourWords => string.Create(CultureInfo.InvariantCulture, $"{(int)_status!.Hour:00}:{(int)(_status.Hour % 1 * 60):00}");

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _requirements = Generator.Requirements;
        Show(Generator.Status);
        _ticks = Ticker.Listen(() => _ = InvokeAsync(() =>
        {
            _status = Generator.Status;
            StateHasChanged();
        }));
    }

    /// <inheritdoc/>
    protected override void OnGone() => _ticks?.Dispose();

    private Task ApplyAsync(string? reason) => AskAsync(
        cancellationToken => Generator.SetAsync(new GeneratorSettings(_on, _rate, _day), seen: null, reason, cancellationToken), Show);

    private void Show(GeneratorStatus? status)
    {
        _status = status;
        if (status is not null)
        {
            (_on, _rate, _day) = (status.Settings.On, status.Settings.RequestsPerSecond, status.Settings.DayMinutes);
            _isOpen |= !status.Settings.On;
        }
    }
}
