using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Lists;
using ControlPlane.Web.Actors;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Exports;

/// <summary>Asks for exports of the audit log, and shows how far each is.</summary>
public sealed partial class ExportsPage
{
    private const int PageSize = 50;
    private const int MostShown = 500;

    private ListPage<ExportJob>? _page;
    private int _shown = PageSize;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private ExportQueries Exports { get; set; } = null!;

    [Inject]
    private ExportCommands Commands { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Authorizer.MaySomewhere(Permissions.ExportAudit))
        {
            Follow(Exports.Changes, _ => ShowAsync());
        }
    }

    private Task Started() => ShowAsync();

    private Task MoreAsync()
    {
        _shown = Math.Min(_shown + PageSize, MostShown);
        return ShowAsync();
    }

    private async Task RemoveAsync(Guid id)
    {
        await TryAsync(async () => await Commands.RemoveAsync(id, Gone));
        await ShowAsync();
    }

    private async Task ShowAsync()
    {
        await TryAsync(async () =>
        {
            var page = await Exports.ListAsync(cursor: null, _shown, Gone);
            await Actors.LearnAsync(page.Items.Select(static job => job.RequestedBy), Gone);
            _page = page;
        });
        StateHasChanged();
    }
}
