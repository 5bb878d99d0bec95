using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Lists;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Access;

/// <summary>Sessions: all of them on the access page, one's own on the account page.</summary>
public sealed partial class SessionsPanel
{
    private const int PageSize = 50;

    private ListPage<SessionView>? _page;
    private AccessUrl? _shown;

    /// <summary>What the access page shows; null for the caller's own.</summary>
    [Parameter]
    public AccessUrl? Url { get; set; }

    [Inject]
    private SessionDesk Desk { get; set; } = null!;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_page is null || _shown != Url)
        {
            _shown = Url;
            await LoadAsync();
        }
    }

    private Task LoadAsync() => AskAsync(ListAsync, page => _page = page);

    private Task EndAsync(string id) => AskAsync(
        async cancel =>
        {
            await Desk.EndAsync(id, reason: null, cancel);
            return await ListAsync(cancel);
        },
        page => _page = page);

    private Task<ListPage<SessionView>> ListAsync(CancellationToken cancellationToken) =>
        Desk.ListAsync(Url is null ? Authorizer.Caller.PersonId : Url.User, Url?.Cursor, PageSize, cancellationToken);
}
