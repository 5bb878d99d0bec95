using System.Globalization;
using Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>Where a redirection leads (HTTPRequestRedirectFilter).</summary>
internal static class RedirectLocation
{
    /// <summary>The Location header.</summary>
    /// <param name="redirect">What changes.</param>
    /// <param name="request">The request, of which the rest is kept.</param>
    /// <param name="matched">The prefix that the route matched.</param>
    /// <param name="listenerPort">Port of the listener, which is named where neither scheme nor port are given.</param>
    public static string Of(Redirect redirect, HttpRequest request, string matched, int listenerPort)
    {
        var scheme = redirect.Scheme ?? request.Scheme;
        var host = redirect.Hostname ?? request.Host.Host;
        var port = redirect.Port ?? (redirect.Scheme is null ? listenerPort : WellKnown(scheme));
        var authority = port == WellKnown(scheme) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        var path = redirect.Path is { } rewrite ? new PathString(Rooted(rewrite.Apply(request.Path.Value ?? "/", matched))) : request.Path;
        return $"{scheme}://{authority}{path.ToUriComponent()}{request.QueryString}";
    }

    private static int WellKnown(string scheme) => scheme == "https" ? 443 : 80;

    private static string Rooted(string path) => path.StartsWith('/') ? path : "/" + path;
}
