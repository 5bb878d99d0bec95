using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Exports;

/// <summary>Says what to export, and how many entries that would be before anything is made.</summary>
public sealed partial class ExportForm
{
    private ExportRequest _request = new();
    private ExportRequest? _asked;
    private string? _purpose;
    private int? _preview;
    private bool _starting;

    /// <summary>Told when an export was asked for.</summary>
    [Parameter]
    public EventCallback Started { get; set; }

    [Inject]
    private ExportQueries Exports { get; set; } = null!;

    [Inject]
    private ExportCommands Commands { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private string Words => (Problem, _preview) switch
    {
        ({ } problem, _) => problem.Detail ?? problem.Title,
        _ when _request.From is null => "Choose from when on.",
        (_, null) => "Counting …",
        (_, 0) => "No entry matches.",
        (_, AuditSearch.CountedAtMost) => $"It would hold {IndianNumber.Count(AuditSearch.CountedAtMost)} entries or more.",
        (_, { } count) => $"It would hold {IndianNumber.Of(count, "entry", "entries")}.",
    };

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        await ReadAddressAsync();
    }

    /// <inheritdoc/>
    protected override void OnGone() => Navigation.LocationChanged -= Moved;

    private static string? Text(object? value) => value is string { Length: > 0 } text ? text.Trim() : null;

    private void Go(ExportRequest request) => Navigation.NavigateTo(ExportUrl.Write(request), replace: true);

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == ExportUrl.Path)
        {
            _ = InvokeAsync(async () =>
            {
                await ReadAddressAsync();
                StateHasChanged();
            });
        }
    }

    private async Task ReadAddressAsync()
    {
        _request = ExportUrl.Read(Navigation.Uri);
        if (_asked != _request && _request.From is not null)
        {
            (_asked, _preview) = (_request, null);
            await AskAsync(cancel => Exports.PreviewAsync(_request.ToQuery(Time.GetUtcNow()), cancel), count => _preview = count);
        }
    }

    private async Task StartAsync()
    {
        if (_preview is null or 0 || _starting)
        {
            return; // Enter in a field
        }

        _starting = true;
        try
        {
            await AskAsync(cancel => Commands.StartAsync(_request with { Reason = string.IsNullOrWhiteSpace(_purpose) ? null : _purpose.Trim() }, cancel), _ => _purpose = null);
        }
        finally
        {
            _starting = false;
        }

        await Started.InvokeAsync();
    }
}
