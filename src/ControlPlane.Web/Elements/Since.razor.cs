using ControlPlane.Web.Formatting;
using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Elements;

/// <summary>How long ago something was, kept up to date; the exact time on hover.</summary>
public sealed partial class Since
{
    private IDisposable? _ticks;
    private string _shown = "";

    /// <summary>When it was.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset At { get; set; }

    /// <summary>Says "ago" after it, for sentences.</summary>
    [Parameter]
    public bool Ago { get; set; }

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _ticks?.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() => _ticks = Ticker.Listen(() => _ = InvokeAsync(Tick));

    /// <inheritdoc/>
    protected override void OnParametersSet() => _shown = Age.Of(Ticker.Now - At);

    /// <summary>Renders only when there is something else to read: most ages say the same for minutes.</summary>
    private void Tick()
    {
        var now = Age.Of(Ticker.Now - At);
        if (now != _shown)
        {
            _shown = now;
            StateHasChanged();
        }
    }
}
