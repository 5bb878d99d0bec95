using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Access.Http;

/// <summary>
/// The security headers of every answer. Scripts and style sheets come from here alone, and inline ones only with the nonce of the answer. Style
/// attributes are allowed: the circuit sets them by setAttribute (virtualised lists, MudBlazor's popovers), for which there is no nonce.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private const string HstsYear = "max-age=31536000; includeSubDomains";
    private static readonly object NonceKey = new();

    /// <summary>The nonce of the answer, for an inline script or style.</summary>
    public static string NonceOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Items[NonceKey] is not string nonce)
        {
            context.Items[NonceKey] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        }

        return nonce;
    }

    /// <summary>Adds the headers.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy(NonceOf(context), context.Request.IsHttps);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin"; // not "no-referrer": browsers then hide the origin of our own forms from us
        headers["Permissions-Policy"] = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), browsing-topics=(), clipboard-write=(self)";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = HstsYear;
        }

        return next(context);
    }

    private static string Policy(string nonce, bool https) => string.Join(
        "; ",
        (string[])
        [
            "default-src 'none'",
            $"script-src 'self' 'nonce-{nonce}'",
            $"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            .. https ? (string[])["upgrade-insecure-requests"] : [],
        ]);
}
