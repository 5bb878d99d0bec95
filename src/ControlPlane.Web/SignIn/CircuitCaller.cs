using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace ControlPlane.Web.SignIn;

/// <summary>
/// Makes whoever is signed in the caller of all that an open page does. Asked anew each time: a page that is open for hours loses at once what
/// its person loses.
/// </summary>
internal sealed class CircuitCaller(CallerContext callers, SessionRegistry sessions, AuthenticationStateProvider state) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        var session = CallerPrincipal.SessionOf((await state.GetAuthenticationStateAsync()).User);
        callers.Become(() => session is null ? Caller.Nobody : sessions.Current(session) ?? Caller.Nobody);
        if (session is not null)
        {
            sessions.Use(session);
        }

        await next(context);
    };
}
