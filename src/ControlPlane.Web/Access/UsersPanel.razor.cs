using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Lists;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Access;

/// <summary>People with access, filtered, sorted and paged by the address.</summary>
public sealed partial class UsersPanel
{
    private const int PageSize = 50;

    private ListPage<UserView>? _page;
    private AccessUrl? _shown;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public AccessUrl Url { get; set; } = null!;

    [Inject]
    private UserDirectory Directory { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var list = Url with { User = null };
        if (_shown != list)
        {
            _shown = list;
            await LoadAsync();
        }
    }

    private Task LoadAsync() => AskAsync(cancel => Directory.ListAsync(new UserFilter(Url.Text, Url.Role, Url.Sort), Url.Cursor, PageSize, cancel), page => _page = page);

    private void Go(AccessUrl url) => Navigation.NavigateTo(url.Write(), replace: true);

    private async Task CloseAsync()
    {
        Go(Url with { User = null });
        await LoadAsync();
    }

    private string SortBy(string column) => (Url with { Sort = Url.Sort == column ? $"-{column}" : column, Cursor = null }).Write();

    private string? SortOf(string column) => Url.Sort == column ? "ascending" : Url.Sort == $"-{column}" ? "descending" : null;
}
