using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Elements;

/// <summary>A field that filters while somebody types, once he pauses.</summary>
public sealed partial class SearchField : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private ITimer? _pause;
    private string? _typed;
    private string? _told;

    /// <summary>What it does, for its label.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The text that is in force; null for none.</summary>
    [Parameter]
    public string? Text { get; set; }

    /// <summary>Told of another text.</summary>
    [Parameter]
    public EventCallback<string?> TextChanged { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _pause?.Dispose();

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // What comes back is what was told; letters typed since then must not vanish.
        if (Text != _told)
        {
            (_typed, _told) = (Text, Text);
        }
    }

    private void Wait()
    {
        _pause ??= Time.CreateTimer(timer => _ = InvokeAsync(TellAsync), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pause.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private Task TellAsync()
    {
        _told = string.IsNullOrWhiteSpace(_typed) ? null : _typed;
        return TextChanged.InvokeAsync(_told);
    }
}
