using ControlPlane.Api.Audit;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Formatting;
using ControlPlane.Web.Live;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace ControlPlane.Web.Audit;

/// <summary>
/// Entries that match, newest first. Only the rows in view exist in the page, and only the pages that somebody scrolled to were read. The list
/// holds still: what was recorded since is counted, and shown when asked for.
/// </summary>
public sealed partial class AuditList
{
    private const int RowHeight = 30;
    private const int PageSize = 100;

    private readonly List<RecordedEntry> _rows = [];
    private IReadOnlySet<long> _rendered = new HashSet<long>();
    private ElementReference _scroller;
    private Virtualize<RecordedEntry>? _virtualize;
    private AuditSearchQuery? _asked;
    private IDisposable? _ticks;
    private long? _next;
    private int? _total;
    private long _size;
    private long _newer;
    private long? _active;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public AuditUrl Url { get; set; } = null!;

    /// <summary>The search.</summary>
    [Parameter, EditorRequired]
    public AuditSearchQuery Query { get; set; } = null!;

    [Inject]
    private AuditSearch Search { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private Browser Browser { get; set; } = null!;

    private string Summary => _total switch
    {
        null => "",
        AuditSearch.CountedAtMost => $"{IndianNumber.Count(AuditSearch.CountedAtMost)} entries or more",
        { } total => IndianNumber.Of(total, "entry", "entries"),
    };

    /// <inheritdoc/>
    protected override void OnInitialized() => _ticks = Ticker.Listen(() => _ = InvokeAsync(Tick));

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _active = Url.Entry ?? _active;
        if (_asked != Query)
        {
            _asked = Query;
            await ReadAsync();
        }
    }

    /// <inheritdoc/>
    protected override void OnGone() => _ticks?.Dispose();

    private static string RowId(long index) => $"entry-{index}";

    private string Address(long index) => (Url with { Entry = index }).Write();

    private void Open(long index)
    {
        _active = index;
        Navigation.NavigateTo(Address(index));
    }

    private void Tick()
    {
        var newer = _total is null ? 0 : Search.Size - _size;
        if (newer != _newer)
        {
            _newer = newer;
            StateHasChanged();
        }
    }

    private async Task ReadAsync()
    {
        var size = Search.Size;
        await AskAsync(
            async cancel =>
            {
                var page = await Search.ListAsync(Query, before: null, PageSize, cancel);
                while (page is { Entries.Count: 0, Next: { } further })
                {
                    page = await Search.ListAsync(Query, further, PageSize, cancel);
                }

                await LearnAsync(page.Entries, cancel);
                return (Page: page, Total: await Search.CountAsync(Query, cancel));
            },
            answer =>
            {
                _rows.Clear();
                _rows.AddRange(answer.Page.Entries);
                (_next, _total, _size, _newer) = (answer.Page.Next, answer.Total, size, 0);
            });
        if (_virtualize is not null)
        {
            await _virtualize.RefreshDataAsync();
        }
    }

    private Task LearnAsync(IReadOnlyList<RecordedEntry> entries, CancellationToken cancellationToken) => Actors.LearnAsync(entries.Select(static entry => entry.Actor.Id), cancellationToken);

    /// <summary>Reads on as far as somebody scrolls. As long as there is more, the list is one page longer than what was read of it.</summary>
    private async ValueTask<ItemsProviderResult<RecordedEntry>> ProvideAsync(ItemsProviderRequest request)
    {
        while (_rows.Count < request.StartIndex + request.Count && _next is { } next)
        {
            var page = await Search.ListAsync(Query, next, PageSize, request.CancellationToken);
            await LearnAsync(page.Entries, request.CancellationToken);
            if (_next == next) // nobody else read it meanwhile
            {
                _rows.AddRange(page.Entries);
                _next = page.Next;
            }
        }

        List<RecordedEntry> shown = [.. _rows.Skip(request.StartIndex).Take(request.Count)];
        _rendered = shown.Select(row => row.Index).ToHashSet(); // a screen reader can be led only to a row that exists
        return new(shown, Length);
    }

    private int Length => _rows.Count + (_next is null ? 0 : PageSize);

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        var at = _rows.FindIndex(row => row.Index == _active);
        if (key.Key == "Enter" && at >= 0)
        {
            Open(_rows[at].Index);
            return;
        }

        if (GridKeys.Next(key.Key, at, _rows.Count) is { } row)
        {
            _active = _rows[row].Index;
            await Browser.RevealAsync(_scroller, row, Length);
        }
    }
}
