using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Access.Http;

/// <summary>
/// The cookie that holds the secret of a session: for this host alone, out of reach of scripts, and never sent with what another site asked for.
/// On https it has the <c>__Host-</c> prefix, by which browsers refuse one that a neighbouring host or a plain connection set.
/// </summary>
public static class SessionCookie
{
    private const string PlainName = "dabbawala-session";
    private const string SecureName = $"__Host-{PlainName}";

    /// <summary>The secret that a request brings; null for none.</summary>
    public static string? Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Cookies[NameFor(request)];
    }

    /// <summary>Gives the browser a secret.</summary>
    public static void Write(HttpContext context, string secret, DateTimeOffset expires)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Append(NameFor(context.Request), secret, Options(context.Request, expires));
    }

    /// <summary>Takes it back.</summary>
    public static void Remove(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, expires: null));
    }

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };
}
