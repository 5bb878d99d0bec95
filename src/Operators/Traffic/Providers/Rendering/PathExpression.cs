using System.Text;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>Paths as RE2 expressions, for data planes that compare more loosely than the policy means it.</summary>
internal static class PathExpression
{
    /// <summary>A prefix of whole segments: <c>/api</c> takes <c>/api</c> and <c>/api/x</c>, not <c>/apix</c>. Null for the prefix of everything.</summary>
    public static string? Prefix(string prefix) => prefix.TrimEnd('/') is { Length: > 0 } segments ? $"{Escape(segments)}(/.*)?" : null;

    /// <summary>
    /// Any of the paths, exact or with a <c>*</c> at the end, against what a proxy has as <c>:path</c>: with the query. One expression rather than
    /// one per path, so that all of them share a count.
    /// </summary>
    public static string AnyOf(IReadOnlyList<string> paths)
    {
        var parts = paths.Select(static path => path.EndsWith('*') ? $"{Escape(path[..^1])}.*" : $"{Escape(path)}(\\?.*)?").ToList();
        return parts.Count == 1 ? parts[0] : $"({string.Join('|', parts)})";
    }

    /// <summary>The text, to be taken literally.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if ("\\.+*?()|[]{}^$".Contains(letter, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(letter);
        }

        return escaped.ToString();
    }

    /// <summary>An origin of which a <c>*</c> may be a part.</summary>
    public static string Origin(string origin) => string.Join("[^/]+", origin.Split('*').Select(Escape));
}
