using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace ControlPlane.Web.SignIn;

/// <summary>Looks every few seconds whether the session of an open page still is: another replica may have ended it.</summary>
internal sealed class SessionState(ILoggerFactory loggers, SessionRegistry sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => SessionRegistry.Trust;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        CallerPrincipal.SessionOf(authenticationState.User) is { } session && await sessions.RefreshAsync(session, cancellationToken);
}
