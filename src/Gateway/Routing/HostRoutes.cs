namespace Gateway.Routing;

/// <summary>
/// The matches of one host name, found by path without looking at those of other paths: the cost of a request follows the segments of its path,
/// not the number of routes. Exact paths come first, then expressions, then prefixes from the longest, which is their precedence.
/// </summary>
internal sealed class HostRoutes
{
    private readonly Dictionary<string, List<RouteMatch>> _exact = new(StringComparer.Ordinal);
    private readonly List<RouteMatch> _expressions = [];
    private readonly Dictionary<string, List<RouteMatch>> _prefixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RouteMatch>>.AlternateLookup<ReadOnlySpan<char>> _prefixLookup;

    /// <param name="matches">All matches of the host, in any order.</param>
    public HostRoutes(IEnumerable<RouteMatch> matches)
    {
        Matches = [.. matches.Order(RoutePrecedence.Instance)]; // stable: of two matches of one rule the first stays first
        _prefixLookup = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var match in Matches)
        {
            Bucket(match.Path).Add(match);
        }
    }

    /// <summary>All of them in the order of precedence.</summary>
    public IReadOnlyList<RouteMatch> Matches { get; }

    /// <summary>The match that a request gets; null for none.</summary>
    public RouteMatch? Find(in RequestView request)
    {
        var path = request.Path;
        if (_exact.TryGetValue(path, out var exact) && First(exact, request) is { } match)
        {
            return match;
        }

        foreach (var candidate in _expressions)
        {
            if (candidate.Path.Matches(path) && request.Fits(candidate))
            {
                return candidate;
            }
        }

        for (var length = LongestPrefix(path); length >= 0; length = NextPrefix(path, length))
        {
            if (_prefixLookup.TryGetValue(path.AsSpan(0, length), out var prefixed) && First(prefixed, request) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static RouteMatch? First(List<RouteMatch> candidates, in RequestView request)
    {
        foreach (var candidate in candidates)
        {
            if (request.Fits(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static int LongestPrefix(string path) => path.EndsWith('/') ? path.Length - 1 : path.Length;

    /// <summary>Cuts the last segment off; -1 when nothing is left to cut.</summary>
    private static int NextPrefix(string path, int length) => length == 0 ? -1 : Math.Max(path.AsSpan(0, length).LastIndexOf('/'), 0);

    private List<RouteMatch> Bucket(PathPattern path) => path.Kind switch
    {
        PathPatternKind.Regex => _expressions,
        PathPatternKind.Exact => Bucket(_exact, path.Value),
        _ => Bucket(_prefixes, path.Value),
    };

    private static List<RouteMatch> Bucket(Dictionary<string, List<RouteMatch>> buckets, string path) =>
        buckets.TryGetValue(path, out var there) ? there : buckets[path] = [];
}
