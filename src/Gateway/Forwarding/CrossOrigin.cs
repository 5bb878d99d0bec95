using System.Globalization;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Forwarding;

/// <summary>
/// Answers the question that browsers ask before they call from a page of another origin, and marks answers that such a page may read. What a
/// <c>*</c> allows is answered with what was asked: that is right with credentials and without.
/// </summary>
internal static class CrossOrigin
{
    private const string All = "*";
    private const string Methods = "GET, HEAD, POST";

    /// <summary>Answers a preflight; false for any other request.</summary>
    public static bool TryAnswerPreflight(HttpContext context, CrossOriginRules rules)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.Origin.Count == 0 || request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (Allow(request, headers, rules))
        {
            headers.AccessControlAllowMethods = rules.AllowMethods.Contains(All) ? request.Headers.AccessControlRequestMethod.ToString()
                : rules.AllowMethods.Count > 0 ? string.Join(", ", rules.AllowMethods) : Methods;
            if (rules.AllowHeaders.Count > 0)
            {
                headers.AccessControlAllowHeaders = rules.AllowHeaders.Contains(All) ? request.Headers.AccessControlRequestHeaders.ToString() : string.Join(", ", rules.AllowHeaders);
            }

            headers.AccessControlMaxAge = ((long)rules.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            headers.Append(HeaderNames.Vary, $"{HeaderNames.AccessControlRequestMethod}, {HeaderNames.AccessControlRequestHeaders}");
        }

        return true;
    }

    /// <summary>Marks the answer, whoever gives it: what the service itself says of other origins is replaced.</summary>
    public static void MarkWhenAnswered(HttpContext context, CrossOriginRules rules)
    {
        if (context.Request.Headers.Origin.Count == 0)
        {
            return;
        }

        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.Remove(HeaderNames.AccessControlAllowOrigin);
            headers.Remove(HeaderNames.AccessControlAllowCredentials);
            headers.Remove(HeaderNames.AccessControlExposeHeaders);
            Allow(context.Request, headers, rules);
            return Task.CompletedTask;
        });
    }

    private static bool Allow(HttpRequest request, IHeaderDictionary headers, CrossOriginRules rules)
    {
        headers.Append(HeaderNames.Vary, HeaderNames.Origin); // a cache must not give one origin's answer to another
        var origin = request.Headers.Origin.ToString();
        if (!rules.AllowOrigins.Any(pattern => Matches(pattern, origin)))
        {
            return false;
        }

        headers.AccessControlAllowOrigin = origin;
        if (rules.AllowCredentials)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        var exposed = rules.ExposeHeaders.Where(name => name != All || !rules.AllowCredentials).ToList();
        if (exposed.Count > 0)
        {
            headers.AccessControlExposeHeaders = string.Join(", ", exposed);
        }

        return true;
    }

    /// <summary>Scheme, host and port must be the same; a star takes the beginning of the host.</summary>
    internal static bool Matches(string pattern, string origin)
    {
        if (pattern == All || pattern.Equals(origin, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star >= 0
            && origin.Length > pattern.Length - 1
            && origin.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(pattern[(star + 1)..], StringComparison.OrdinalIgnoreCase)
            && IsHostPart(origin.AsSpan(star, origin.Length - pattern.Length + 1));
    }

    private static bool IsHostPart(ReadOnlySpan<char> text) => !text.ContainsAny(":/@");
}
