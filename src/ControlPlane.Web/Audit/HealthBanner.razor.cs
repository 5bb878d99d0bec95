using ControlPlane.Api.Audit.Health;
using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Audit;

/// <summary>Says how the log is, and plainly what it does and does not protect against. Read again once a minute.</summary>
public sealed partial class HealthBanner
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private AuditHealthReport? _report;
    private IDisposable? _ticks;
    private DateTimeOffset _read;

    [Inject]
    private AuditHealthQuery Health { get; set; } = null!;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        _ticks = Ticker.Listen(() => _ = InvokeAsync(TickAsync));
        return ReadAsync();
    }

    /// <inheritdoc/>
    protected override void OnGone() => _ticks?.Dispose();

    private static string Tone(HealthLevel level) => level switch
    {
        HealthLevel.Good => "good",
        HealthLevel.Attention => "poor",
        _ => "bad",
    };

    private static string Picture(HealthLevel level) => level switch
    {
        HealthLevel.Good => Icons.Material.Rounded.VerifiedUser,
        HealthLevel.Attention => Icons.Material.Rounded.Warning,
        _ => Icons.Material.Rounded.Dangerous,
    };

    private async Task TickAsync()
    {
        if (Ticker.Now - _read >= Again && !IsAsking)
        {
            await ReadAsync();
            StateHasChanged();
        }
    }

    private Task ReadAsync()
    {
        _read = Ticker.Now;
        return AskAsync(Health.ReadAsync, report => _report = report);
    }
}
