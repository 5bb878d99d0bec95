using ControlPlane.Api.Incidents;
using ControlPlane.Api.Lists;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Incidents;

/// <summary>Incidents, filtered, sorted and paged by the address; declares them.</summary>
public sealed partial class IncidentsPage
{
    private const int PageSize = 50;
    private static readonly FilterOption[] Severities = [.. Enum.GetNames<IncidentSeverity>().Select(static name => new FilterOption(name))];

    private IncidentUrl _url = new();
    private ListPage<IncidentSummary>? _page;
    private IncidentSeverity? _severity;
    private string? _title;
    private string? _services;

    [Inject]
    private IncidentQuery Incidents { get; set; } = null!;

    [Inject]
    private IncidentCommands Commands { get; set; } = null!;

    [Inject]
    private IncidentBook Book { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        _url = IncidentUrl.Read(Navigation.Uri);
        _services = _url.Service;
        Follow(Book.Changes, _ => ShowAsync());
    }

    /// <inheritdoc/>
    protected override void OnGone() => Navigation.LocationChanged -= Moved;

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == IncidentUrl.Path)
        {
            _url = IncidentUrl.Read(e.Location);
            _ = InvokeAsync(ShowAsync);
        }
    }

    private async Task DeclareAsync(string? reason)
    {
        var draft = new IncidentDraft(_severity, _title, (_services ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        await TryAsync(async () =>
        {
            var incident = await Commands.DeclareAsync(draft, Gone);
            Navigation.NavigateTo(IncidentUrl.Of(incident.Number));
        });
    }

    private async Task ShowAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private Task ReadAsync() => TryAsync(async () =>
    {
        var page = await Incidents.ListAsync(_url.Filter, _url.Cursor, PageSize, Gone);
        await Actors.LearnAsync(page.Items.Select(static incident => incident.DeclaredBy), Gone);
        _page = page;
    });

    private string SortBy(string column) => (_url with { Sort = _url.Sort == column ? $"-{column}" : column, Cursor = null }).Write();

    private string? SortOf(string column) => _url.Sort == column ? "ascending" : _url.Sort == $"-{column}" ? "descending" : null;

    private void Go(IncidentUrl url) => Navigation.NavigateTo(url.Write(), replace: true);
}
