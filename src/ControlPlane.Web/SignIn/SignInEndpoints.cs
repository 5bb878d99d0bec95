using System.Globalization;
using System.Text.Encodings.Web;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Access.Oidc;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using FromFormAttribute = Microsoft.AspNetCore.Mvc.FromFormAttribute;

namespace ControlPlane.Web.SignIn;

/// <summary>
/// What the forms of the sign-in pages post to. Every answer is a redirect, so that a page can be loaded again; why somebody was not let in goes
/// along in the address.
/// </summary>
internal static class SignInEndpoints
{
    private const string Safe = "this is where people who are not signed in come from";

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-in/link", ByLink).ForAnybody(Safe);
        app.MapPost("/sign-in/password", ByPassword).ForAnybody(Safe).LimitsPasswordChecks();
        app.MapPost("/sign-in/invitation", ByInvitation).ForAnybody(Safe).LimitsPasswordChecks();
        app.MapGet("/sign-in/sso", Elsewhere).ForAnybody(Safe);
        app.MapGet("/sign-in/done", Done).ForAnybody(Safe);

        // The middleware refuses what another site asks for; all it could do is to sign somebody out.
        app.MapPost("/sign-out", Out).DisableAntiforgery().ForSignedIn();
    }

    /// <summary>Signs in by a link at once, where it is sure that a person has opened it: from a terminal, a bookmark or the address bar.</summary>
    public static async Task<string?> RedeemAsync(HttpContext context, string token, SignInDesk desk)
    {
        var headers = context.Request.Headers;
        if (headers["Sec-Fetch-Site"] != "none" || headers["Sec-Fetch-Dest"] != "document" || headers.ContainsKey("Sec-Purpose"))
        {
            return null; // a preview, a scanner of mails, or a link on another site: the page asks first
        }

        return After(context, await desk.ByLinkAsync(token, Visitor.Of(context), context.RequestAborted), "/");
    }

    private static async Task<RedirectHttpResult> ByLink([FromForm] string token, SignInDesk desk, HttpContext context) =>
        TypedResults.LocalRedirect(After(context, await desk.ByLinkAsync(token, Visitor.Of(context), context.RequestAborted), "/"));

    private static async Task<RedirectHttpResult> ByPassword(
        [FromForm] string name, [FromForm] string password, [FromForm] string? returnUrl, SignInDesk desk, HttpContext context) =>
        TypedResults.LocalRedirect(After(context, await desk.ByPasswordAsync(name, password, Visitor.Of(context), context.RequestAborted), returnUrl));

    private static async Task<RedirectHttpResult> ByInvitation([FromForm] string token, [FromForm] string password, [FromForm] string again, SignInDesk desk, HttpContext context)
    {
        string Back(string problem) => $"/invitation{QueryString.Create([KeyValuePair.Create<string, string?>("token", token), KeyValuePair.Create<string, string?>("problem", problem)])}";
        if (password != again)
        {
            return TypedResults.LocalRedirect(Back("the two passwords are not the same"));
        }

        try
        {
            return TypedResults.LocalRedirect(After(context, await desk.ByInvitationAsync(token, password, Visitor.Of(context), context.RequestAborted), "/"));
        }
        catch (RequestException e)
        {
            return TypedResults.LocalRedirect(Back(e.Message));
        }
    }

    private static Results<ChallengeHttpResult, RedirectHttpResult> Elsewhere(string? returnUrl, AccessOptions options) => options.Oidc is null
        ? TypedResults.LocalRedirect("/sign-in")
        : TypedResults.Challenge(new AuthenticationProperties { RedirectUri = LocalAddress.Of(returnUrl) }, [SingleSignOn.Scheme]);

    /// <summary>A page of our own that goes on by itself: from here on the browser sends the cookie.</summary>
    private static ContentHttpResult Done(string? returnUrl)
    {
        var next = HtmlEncoder.Default.Encode(LocalAddress.Of(returnUrl));
        return TypedResults.Content(
            $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signed in</title><meta http-equiv=\"refresh\" content=\"0;url={next}\"></head><body><p>Signed in. <a href=\"{next}\">Go on</a></p></body></html>",
            "text/html; charset=utf-8");
    }

    private static async Task<RedirectHttpResult> Out(SignInDesk desk, Authorizer authorizer, HttpContext context)
    {
        await desk.SignOutAsync(authorizer.Caller, Visitor.Of(context), context.RequestAborted);
        SessionCookie.Remove(context);
        return TypedResults.LocalRedirect("/sign-in?problem=out");
    }

    private static string After(HttpContext context, SignInResult result, string? returnUrl)
    {
        if (result.Refusal is not { } refusal)
        {
            SessionCookie.Write(context, result.Secret!, result.Expires);
            return LocalAddress.Of(returnUrl);
        }

        List<KeyValuePair<string, string?>> words = [new("problem", refusal.ToString().ToLowerInvariant())];
        if (result.RetryAfter is { } wait)
        {
            words.Add(new("wait", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        }

        if (LocalAddress.Of(returnUrl) is not "/" and var back)
        {
            words.Add(new("returnUrl", back));
        }

        return $"/sign-in{QueryString.Create(words)}";
    }
}
