using System.Net;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ControlPlane.Api.Access.Http;

/// <summary>
/// Makes whoever sent a request its caller, and refuses those whom the endpoint is not for: programs get an RFC 9457 problem, browsers are led to
/// the sign-in page and back. An endpoint without a rule is for those who are signed in.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(
        HttpContext context,
        CallerContext callers,
        Authorizer authorizer,
        SessionRegistry sessions,
        BearerTokens bearers,
        SuspicionGauge suspicion,
        ControlPlaneOptions options,
        TimeProvider time)
    {
        var caller = context.Features.Get<Caller>();
        if (caller is not null)
        {
            caller = caller with { Via = IsRest(context.Request) ? "rest" : caller.Via, CorrelationId = TraceId(context) };
            callers.Become(AsOfNow(caller, sessions));
        }

        var rule = context.GetEndpoint()?.Metadata.GetMetadata<IAccessRule>();
        if (context.GetEndpoint() is null || rule is { IsForAnybody: true } || IsOpenToThisMachine(context, caller))
        {
            await next(context);
            return;
        }

        if (caller is null)
        {
            await RefuseUnknownAsync(context, options);
            return;
        }

        if (caller.SessionId is not null)
        {
            if (IsFromAnotherSite(context))
            {
                throw new CrossSiteException();
            }

            var from = Visitor.Of(context);
            if (suspicion.IsBlocked(from, caller.Id))
            {
                if (!LeadsToSignIn(context.Request, options))
                {
                    throw new BlockedException();
                }

                context.Response.Redirect("/sign-in?problem=blocked");
                return;
            }

            await suspicion.RequestAsync(from, caller.Id, context.RequestAborted);
        }

        if (rule?.Permission is { } permission && !authorizer.MaySomewhere(permission))
        {
            if (!LeadsToSignIn(context.Request, options))
            {
                throw new AccessException(caller, permission, @namespace: null);
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden; // the page itself says what is missing
        }

        using var ended = EndWithSession(context, caller, sessions);
        using var revoked = EndWithToken(context, caller, bearers, time);
        if (revoked is not null)
        {
            callers.Become(() => revoked.Current);
        }

        await next(context);
    }

    private static bool IsOpenToThisMachine(HttpContext context, Caller? caller) =>
        caller is null && context.GetEndpoint()?.Metadata.GetMetadata<OpenToThisMachineAttribute>() is not null
        && context.Request.Headers.Authorization.Count == 0 && Visitor.Of(context).IsLocal;

    /// <summary>A session can end, and its roles change, while a stream or a page is open.</summary>
    private static Func<Caller> AsOfNow(Caller caller, SessionRegistry sessions) => caller.SessionId is { } session
        ? () => sessions.Current(session) is { } now ? now with { Via = caller.Via, CorrelationId = caller.CorrelationId } : Caller.Nobody
        : () => caller;

    private static IDisposable? EndWithSession(HttpContext context, Caller caller, SessionRegistry sessions) =>
        caller.SessionId is { } session && IsStream(context.Request) ? new SessionEnd(session, sessions, context.Abort, context.RequestAborted) : null;

    /// <summary>A token can be revoked, and expire, while a stream is open.</summary>
    private static BearerEnd? EndWithToken(HttpContext context, Caller caller, BearerTokens bearers, TimeProvider time)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return caller.SessionId is null && IsStream(context.Request) && header.StartsWith(BearerTokens.Scheme, StringComparison.OrdinalIgnoreCase)
            ? new BearerEnd(header[BearerTokens.Scheme.Length..].Trim(), caller, bearers, time, context.Abort, context.RequestAborted)
            : null;
    }

    private static async Task RefuseUnknownAsync(HttpContext context, ControlPlaneOptions options)
    {
        var failure = (await context.AuthenticateAsync()).Failure as RefusedCredentialException; // asked before: it remembers what it found
        if (failure is null && LeadsToSignIn(context.Request, options))
        {
            var here = context.Request.Path + context.Request.QueryString;
            context.Response.Redirect($"/sign-in{QueryString.Create("returnUrl", here)}");
            return;
        }

        throw new UnknownCallerException(failure?.Code ?? "credential_missing");
    }

    private static string TraceId(HttpContext context) => System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static bool IsRest(HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    private static bool IsStream(HttpRequest request) =>
        request.Path.Value?.EndsWith("/stream", StringComparison.Ordinal) == true;

    private static bool LeadsToSignIn(HttpRequest request, ControlPlaneOptions options) =>
        options.Roles.HasFlag(ControlPlaneRoles.Console) && HttpMethods.IsGet(request.Method) && !IsRest(request) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What a session may change must have been asked for by our own pages. The cookie is not sent from other sites as it is; this holds where a
    /// browser would. Browsers say so themselves: by Sec-Fetch-Site, older ones by Origin. Neither is in a request of a program, which has no cookie.
    /// </summary>
    private static bool IsFromAnotherSite(HttpContext context)
    {
        var request = context.Request;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !context.WebSockets.IsWebSocketRequest)
        {
            return false;
        }

        return request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" => false,
            "" => !Uri.TryCreate(request.Headers[HeaderNames.Origin], UriKind.Absolute, out var origin)
                || !string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase),
            _ => true,
        };
    }
}

/// <summary>Nobody is known to have sent a request.</summary>
/// <param name="code">Why: <c>credential_missing</c>, <c>token_expired</c> …</param>
public sealed class UnknownCallerException(string code) : Exception("Sign in first, or send a token")
{
    /// <summary>Why, for programs.</summary>
    public string Code { get; } = code;
}

/// <summary>Another site asked for a change in the name of somebody who is signed in here.</summary>
public sealed class CrossSiteException() : Exception("A page of another site asked for this");

/// <summary>Somebody is blocked on suspicion.</summary>
public sealed class BlockedException() : Exception("Access is blocked for now");
