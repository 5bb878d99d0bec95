namespace Gateway.Routing;

/// <summary>
/// Host names of listeners and routes: a name, a name after <c>*.</c> (any number of labels before it), or null for every name. Lower case.
/// </summary>
internal static class Hostname
{
    private const string Wildcard = "*.";

    public static bool IsWildcard(string? hostname) => hostname?.StartsWith(Wildcard, StringComparison.Ordinal) == true;

    /// <summary>The name without its wildcard's star: <c>.example.com</c> of <c>*.example.com</c>.</summary>
    public static string Suffix(string wildcard) => wildcard[1..];

    /// <summary>True when a host that a request names is one of the hostname's.</summary>
    public static bool Covers(string? hostname, string host) =>
        hostname is null
        || (IsWildcard(hostname) ? host.Length >= hostname.Length && host.EndsWith(Suffix(hostname), StringComparison.Ordinal) : host == hostname);

    /// <summary>The hosts that are in both, which is always one of the two; false when there are none.</summary>
    public static bool TryIntersect(string? listener, string? route, out string? both)
    {
        both = (listener, route) switch
        {
            (null, _) => route,
            (_, null) => listener,
            _ when listener == route => listener,
            _ when Covers(listener, route) => route, // *.example.com and *.foo.example.com: the narrower of the two
            _ when Covers(route, listener) => listener,
            _ => null,
        };
        return both is not null || (listener is null && route is null);
    }

    /// <summary>Orders the more specific first: names, then wildcards by their length, then the hostname of all.</summary>
    public static int CompareSpecificity(string? a, string? b)
    {
        var byKind = Rank(a).CompareTo(Rank(b));
        return byKind != 0 ? byKind : (b?.Length ?? 0).CompareTo(a?.Length ?? 0);
    }

    /// <summary>The host of a Host header, without port and in lower case.</summary>
    public static string OfHostHeader(string host) =>
        host.AsSpan().ContainsAnyInRange('A', 'Z') ? host.ToLowerInvariant() : host;

    private static int Rank(string? hostname) => hostname is null ? 2 : IsWildcard(hostname) ? 1 : 0;
}
