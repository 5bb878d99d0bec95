using System.Text.RegularExpressions;

namespace LocalCluster.Cel;

/// <summary>An absolute URL, or an absolute path, taken apart as Go's net/url does: nothing is normalised.</summary>
internal sealed class UrlValue : IOpaque, IEquatable<UrlValue>
{
    private static readonly Regex Shape = new(
        """
        ^(  (?<scheme> [a-zA-Z][a-zA-Z0-9+.\-]* ) :
            (   // ( [^/?\#@]* @ )?
                (?<host> ( \[ (?<name>[0-9a-fA-F:.%]+) \] | (?<name> [^/?\#:\[\]\s<>"]* ) ) ( : (?<port>[0-9]*) )? )
                (?<path> / [^?\#]* )?
            |   (?<path> / ( [^/?\#] [^?\#]* )? )
            |   [^/?\#] [^?\#]*
            )
        |   (?<path> / [^?\#]* )
        )
        ( \? (?<query> [^\#]* ) )? ( \# .* )? \z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);

    private readonly string _text;

    private UrlValue(string text, Match parts)
    {
        _text = text;
        Scheme = parts.Groups["scheme"].Value.ToLowerInvariant();
        Hostname = parts.Groups["name"].Value;
        Port = parts.Groups["port"].Value;
        EscapedPath = parts.Groups["path"].Value;
        RawQuery = parts.Groups["query"].Value;
        Host = parts.Groups["host"].Value;
    }

    /// <summary>The type that expressions know URLs by.</summary>
    public static CelType CelType { get; } = CelType.Opaque("kubernetes.URL");

    /// <inheritdoc/>
    public CelType Type => CelType;

    /// <summary>In lower case; empty for a path.</summary>
    public string Scheme { get; }

    /// <summary>Name and port.</summary>
    public string Host { get; }

    /// <summary>Without the port, and without the brackets of an IPv6 address.</summary>
    public string Hostname { get; }

    /// <summary>Empty when the URL has none.</summary>
    public string Port { get; }

    /// <summary>As it stands in the URL.</summary>
    public string EscapedPath { get; }

    /// <summary>Without its question mark, as it stands in the URL.</summary>
    public string RawQuery { get; }

    /// <summary>Reads a URL.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="error">What is wrong with it; null when nothing is.</param>
    public static UrlValue? Parse(string text, out string? error)
    {
        var parts = Shape.Match(text);
        error = text.Length == 0 ? "empty url"
            : text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal)
                ? "invalid control character in URL"
            : !parts.Success ? "invalid URI for request"
            : HasBadEscape(parts.Groups["path"].Value) ? "invalid URL escape"
            : null;
        if (error is null)
        {
            return new UrlValue(text, parts);
        }

        error = $"parse {GoText.Quote(text)}: {error}";
        return null;
    }

    /// <summary>The query's values by name.</summary>
    public CelMap Query() => CelMap.Of(RawQuery
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .GroupBy(pair => Unescape(pair[0]), pair => (object)Unescape(pair.Length > 1 ? pair[1] : ""))
        .Select(group => KeyValuePair.Create((object)group.Key, (object)CelList.Of(group))));

    /// <inheritdoc/>
    public bool Equals(UrlValue? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UrlValue);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static bool HasBadEscape(string path)
    {
        for (var at = path.IndexOf('%', StringComparison.Ordinal); at >= 0; at = path.IndexOf('%', at + 1))
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
