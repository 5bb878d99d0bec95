using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Tokens;
using ControlPlane.Api.Lists;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Access;

/// <summary>API tokens: all of them on the access page, one's own on the account page.</summary>
public sealed partial class TokensPanel
{
    private const int PageSize = 50;

    private ListPage<TokenView>? _page;
    private (AccessUrl?, int) _shown = (null, -1);

    /// <summary>What the access page shows; null for the caller's own.</summary>
    [Parameter]
    public AccessUrl? Url { get; set; }

    /// <summary>Another number when there is something new.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Inject]
    private TokenDesk Desk { get; set; } = null!;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (Url, Revision))
        {
            _shown = (Url, Revision);
            await LoadAsync();
        }
    }

    private Task LoadAsync() => AskAsync(
        cancel => Desk.ListAsync(Url is null ? Authorizer.Caller.PersonId : Url.User, Url?.Text, Url?.Cursor, PageSize, cancel), page => _page = page);

    private Task RevokeAsync(string id) => AskAsync(
        async cancel =>
        {
            await Desk.RevokeAsync(id, reason: null, cancel);
            return await Desk.ListAsync(Url is null ? Authorizer.Caller.PersonId : Url.User, Url?.Text, Url?.Cursor, PageSize, cancel);
        },
        page => _page = page);
}
