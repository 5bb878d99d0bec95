using ControlPlane.Api.Traffic.Map;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Formatting;
using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Traffic;

/// <summary>Who calls whom, and how it goes: asked again every other second for as long as it is shown. The address narrows, groups and chooses the view.</summary>
public sealed partial class TrafficPage
{
    private const int Seconds = 2;
    private static readonly (string Word, string Title)[] Views = [("picture", "Picture"), ("table", "Table")];
    private static readonly (string Word, string Title)[] Windows = [.. TrafficMapRequest.Windows.Select(static window => (window, window))];

    private TrafficUrl _url = new(new TrafficMapRequest(), IsTable: false);
    private TrafficMap? _map;
    private IDisposable? _ticks;
    private int _ticked;

    [Inject]
    private TrafficMapQuery Traffic { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private Ticker Ticker { get; set; } = null!;

    private bool IsNarrow => _url.Request.Focus is not null || !string.IsNullOrWhiteSpace(_url.Request.Text);

    private string Automatic => _url.Request.Group is null && _map is { Grouping: not TrafficGrouping.None } ? "bounded context (so many)" : "what their number allows";

    private string Summary => _map is null
        ? ""
        : $"{IndianNumber.Of(_map.Services, "service")}, {TrafficWords.Rate(_map.RequestsPerSecond)}, measured by {(_map.Source == "embedded" ? "the embedded gateway" : "Prometheus")}";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        _ticks = Ticker.Listen(() => _ = InvokeAsync(TickAsync));
        _url = TrafficUrl.Read(Navigation.Uri);
        await ReadAsync();
    }

    /// <inheritdoc/>
    protected override void OnGone()
    {
        _ticks?.Dispose();
        Navigation.LocationChanged -= Moved;
    }

    private static ObjectKey KeyOf(string node) => node.Split('/', 2) is [var ns, var name] ? new(ns, name) : new("", node);

    private static string NameOf(string focus) => focus.Split(':', 2) is [var kind, var name] ? $"the {(kind == "context" ? "bounded context" : kind)} {name}" : focus;

    private Task ReadAsync() => AskAsync(cancellationToken => Traffic.MapAsync(_url.Request, cancellationToken), map => _map = map);

    private async Task TickAsync()
    {
        if (++_ticked % Seconds == 0 && !IsAsking)
        {
            await ReadAsync();
            StateHasChanged();
        }
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == TrafficUrl.Page)
        {
            _url = TrafficUrl.Read(e.Location);
            _ = InvokeAsync(async () =>
            {
                await ReadAsync();
                StateHasChanged();
            });
        }
    }

    private void Go(Func<TrafficMapRequest, TrafficMapRequest> change) => Go(_url with { Request = change(_url.Request) });

    /// <summary>Typing and choosing refine one view: going back leaves it rather than undoing step by step.</summary>
    private void Go(TrafficUrl url) => Navigation.NavigateTo(url.Write(), replace: true);
}
