using ControlPlane.Api.Activity;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace ControlPlane.Web.Activity;

/// <summary>
/// A live list of what happened, newest first. It holds still while somebody has paused it or reads further down, and says then how much is
/// new: lines must not run away from under the eyes.
/// </summary>
public sealed partial class ActivityList
{
    private const int RowHeight = 48;

    private ElementReference _scroller;
    private Virtualize<ActivityEntry>? _rows;
    private IReadOnlyList<ActivityEntry> _entries = [];
    private ActivityFilter? _read;
    private long? _hold;
    private bool _paused;
    private int _newer;

    /// <summary>What to show.</summary>
    [Parameter, EditorRequired]
    public ActivityFilter Filter { get; set; } = new();

    [Inject]
    private ActivityLog Log { get; set; } = null!;

    [Inject]
    private Browser Browser { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Log.Changes, async _ =>
    {
        await ReadAsync();
        StateHasChanged();
    });

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_read != Filter)
        {
            _read = Filter;
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        var all = Log.List(Filter, before: null, int.MaxValue);
        _newer = _hold is { } hold ? all.TakeWhile(entry => entry.Sequence > hold).Count() : 0;
        _entries = _newer == 0 ? all : [.. all.Skip(_newer)];
        if (_rows is not null)
        {
            await _rows.RefreshDataAsync();
        }
    }

    /// <summary>What is asked for tells where somebody reads: rows from the first on mean that he is at the top.</summary>
    private ValueTask<ItemsProviderResult<ActivityEntry>> Provide(ItemsProviderRequest request)
    {
        if (!_paused)
        {
            _hold = request.StartIndex == 0 ? null : _hold ?? _entries[0].Sequence;
        }

        return new(new ItemsProviderResult<ActivityEntry>(_entries.Skip(request.StartIndex).Take(request.Count), _entries.Count));
    }

    private async Task TogglePause()
    {
        _paused = !_paused;
        _hold = _paused ? Log.LastSequence : null;
        await ReadAsync();
    }

    private async Task ShowNewestAsync()
    {
        (_paused, _hold) = (false, null);
        await ReadAsync();
        await Browser.RevealAsync(_scroller, 0, _entries.Count);
    }
}
