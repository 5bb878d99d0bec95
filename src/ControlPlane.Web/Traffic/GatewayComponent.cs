using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>A component that asks the gateways, and again every other second for as long as it is shown. What they said last stays while it asks.</summary>
public abstract class GatewayComponent : AskingComponent
{
    private const int Seconds = 2;

    private IDisposable? _ticks;
    private int _ticked;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    /// <summary>Asks, and shows the answer.</summary>
    protected abstract Task ReadAsync();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _ticks = Ticker.Listen(() => _ = InvokeAsync(TickAsync));
        await ReadAsync();
    }

    /// <inheritdoc/>
    protected override void OnGone() => _ticks?.Dispose();

    private async Task TickAsync()
    {
        if (++_ticked % Seconds == 0 && !IsAsking)
        {
            await ReadAsync();
            StateHasChanged();
        }
    }
}
