namespace Gateway.Routing;

/// <summary>What becomes of a path.</summary>
/// <param name="Full">The whole new path; null when only the matched prefix is replaced.</param>
/// <param name="Prefix">What the prefix that the route matched becomes; may be empty.</param>
internal sealed record PathRewrite(string? Full, string? Prefix)
{
    /// <summary>The new path.</summary>
    /// <param name="path">The path of the request.</param>
    /// <param name="matched">The prefix that matched, without a slash at its end.</param>
    public string Apply(string path, string matched)
    {
        if (Full is not null)
        {
            return Full;
        }

        var rest = path.StartsWith(matched, StringComparison.Ordinal) ? path[matched.Length..] : path;
        var replaced = Prefix!.TrimEnd('/') + rest;
        return replaced.Length == 0 ? "/" : replaced; // /foo with the prefix /foo replaced by nothing
    }
}
