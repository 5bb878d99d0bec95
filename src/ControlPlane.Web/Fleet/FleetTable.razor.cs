using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Fleet;

/// <summary>
/// The list of services, of which only the rows in view exist in the page. The grid has the focus, never a row: rows come, go and move while
/// somebody reads, and must not take the focus with them. Which row is active goes by the service, not by its place.
/// </summary>
public sealed partial class FleetTable
{
    private const int RowHeight = 30;

    private readonly Dictionary<ObjectKey, int> _pulses = [];
    private ElementReference _scroller;
    private List<(int Index, ServiceSummary Service)> _rows = [];
    private IReadOnlySet<ObjectKey>? _told;
    private ObjectKey? _active;
    private bool _reveal;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public FleetUrl Url { get; set; } = null!;

    /// <summary>The services that match, in order.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ServiceSummary> Services { get; set; } = [];

    /// <summary>How many services there are in all.</summary>
    [Parameter]
    public int Total { get; set; }

    /// <summary>How far the list can be trusted.</summary>
    [Parameter, EditorRequired]
    public CacheState State { get; set; } = null!;

    /// <summary>The services that changed last.</summary>
    [Parameter]
    public IReadOnlySet<ObjectKey> Changed { get; set; } = new HashSet<ObjectKey>();

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private Browser Browser { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _active = Url.Selected;
        _reveal = _active is not null;
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _rows = [.. Services.Select((service, index) => (index, service))];
        if (!ReferenceEquals(_told, Changed))
        {
            _told = Changed;
            foreach (var key in Changed)
            {
                _pulses[key] = _pulses.GetValueOrDefault(key) + 1;
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_reveal && ActiveIndex is >= 0 and var index)
        {
            _reveal = false;
            await Browser.RevealAsync(_scroller, index, _rows.Count);
        }
    }

    private int ActiveIndex => _rows.FindIndex(row => row.Service.Key == _active);

    private static string RowId(ObjectKey key) => $"service-{key.Namespace}-{key.Name}";

    private string RowClass(ServiceSummary service)
    {
        // Two names for one animation: only another name makes the browser play it again.
        var pulse = _pulses.GetValueOrDefault(service.Key) switch { 0 => "", var n when n % 2 == 0 => " changed-again", _ => " changed" };
        return service.Key == _active ? $"row active{pulse}" : $"row{pulse}";
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        if (key.Key == "Enter" && _active is { } active)
        {
            Mark(active);
            Navigation.NavigateTo($"/services/{active.Namespace}/{active.Name}");
            return;
        }

        if (GridKeys.Next(key.Key, ActiveIndex, _rows.Count) is { } row)
        {
            _active = _rows[row].Service.Key;
            await Browser.RevealAsync(_scroller, row, _rows.Count);
        }
    }

    /// <summary>Makes a row the active one, also in the address: whoever comes back to it finds the row again.</summary>
    private void Mark(ObjectKey key)
    {
        _active = key;
        Navigation.NavigateTo((Url with { Selected = key }).Write(), replace: true);
    }
}
