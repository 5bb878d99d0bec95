using System.Text.RegularExpressions;

namespace Gateway.Routing;

/// <summary>How a path is compared. In the order of precedence.</summary>
internal enum PathPatternKind
{
    Exact,
    Regex,
    Prefix,
}

/// <summary>What a path must be.</summary>
/// <param name="Kind">How it is compared.</param>
/// <param name="Value">The path, the expression, or the prefix without a slash at its end (empty for all paths).</param>
/// <param name="Regex">The expression; null for other kinds.</param>
internal sealed record PathPattern(PathPatternKind Kind, string Value, Regex? Regex = null)
{
    public static PathPattern All { get; } = new(PathPatternKind.Prefix, "");

    /// <summary>A prefix of whole segments: <c>/a</c> and <c>/a/</c> are the same, and match <c>/a</c> and <c>/a/b</c> but not <c>/ab</c>.</summary>
    public static PathPattern Prefix(string value) => new(PathPatternKind.Prefix, value.TrimEnd('/'));

    public bool Matches(string path) => Kind switch
    {
        PathPatternKind.Exact => path == Value,
        PathPatternKind.Regex => Regex!.IsMatch(path),
        _ => path.StartsWith(Value, StringComparison.Ordinal) && (path.Length == Value.Length || path[Value.Length] == '/'),
    };
}
