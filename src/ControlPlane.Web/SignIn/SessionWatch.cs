using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace ControlPlane.Web.SignIn;

/// <summary>Leads an open page to sign-in once its session has ended, and shows it anew when its person's roles have changed.</summary>
public sealed class SessionWatch : LiveComponent
{
    private string? _session;
    private IReadOnlyList<RoleGrant> _grants = [];

    [Inject]
    private SessionRegistry Sessions { get; set; } = null!;

    [Inject]
    private AuthenticationStateProvider State { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _session = CallerPrincipal.SessionOf((await State.GetAuthenticationStateAsync()).User);
        _grants = Now?.Grants ?? [];
        State.AuthenticationStateChanged += Revalidated;
        Follow(Sessions.Changes, changed =>
        {
            if (_session is not null && changed.Contains(_session))
            {
                Look();
            }

            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    protected override void OnGone() => State.AuthenticationStateChanged -= Revalidated;

    private Caller? Now => _session is null ? null : Sessions.Current(_session);

    private void Revalidated(Task<AuthenticationState> state) => _ = InvokeAsync(Look);

    private void Look()
    {
        if (Now is not { } now)
        {
            Navigation.NavigateTo($"/sign-in{QueryString.Create([KeyValuePair.Create<string, string?>("problem", "ended"), KeyValuePair.Create<string, string?>("returnUrl", new Uri(Navigation.Uri).PathAndQuery)])}", forceLoad: true);
        }
        else if (!now.Grants.SequenceEqual(_grants))
        {
            Navigation.Refresh(forceReload: true);
        }
    }
}
