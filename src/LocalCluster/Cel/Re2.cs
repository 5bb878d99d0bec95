using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LocalCluster.Cel;

/// <summary>
/// Regular expressions in the syntax of RE2, which is Go's and therefore the API's, on .NET's engine that works in linear time too.
/// </summary>
/// <remarks>
/// What differs: .NET counts UTF-16 units, so <c>.</c> takes half of a character beyond U+FFFF, and <c>(?U)</c> is refused.
/// </remarks>
internal static class Re2
{
    // Patterns come from schemas and expressions, which are few; those that a rule builds from data must not pile up.
    private const int MaxCached = 4096;

    private static readonly ConcurrentDictionary<string, Regex> Cache = new();

    /// <summary>The regular expression, ready to match.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="error">What is wrong with it, in Go's form; null when nothing is.</param>
    public static Regex? Compile(string pattern, out string? error)
    {
        error = null;
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        try
        {
            const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            var regex = new Regex(Translate(pattern), Options);
            if (Cache.Count < MaxCached)
            {
                Cache[pattern] = regex;
            }

            return regex;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"error parsing regexp: {e.Message}";
            return null;
        }
    }

    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 8);
        var multiline = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    Escape(pattern, ref at, text, inClass: false);
                    break;
                case '[':
                    Class(pattern, ref at, text);
                    break;
                case '$':
                    // In .NET a lone $ also matches before a last line break.
                    text.Append(multiline ? "$" : "\\z");
                    break;
                case '(' when Flags(pattern, at) is { } flags:
                    multiline = flags.Contains('m', StringComparison.Ordinal) && flags.IndexOf('-', StringComparison.Ordinal) is var minus
                        && (minus < 0 || flags.IndexOf('m', StringComparison.Ordinal) < minus);
                    text.Append("(?").Append(flags);
                    at += flags.Length + 1;
                    break;
                case '(' when string.CompareOrdinal(pattern, at, "(?P<", 0, 4) == 0:
                    text.Append("(?<");
                    at += 3;
                    break;
                default:
                    text.Append(pattern[at]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>The flags of <c>(?flags)</c> and <c>(?flags:</c>; null when no such group begins here.</summary>
    private static string? Flags(string pattern, int open)
    {
        if (open + 2 >= pattern.Length || pattern[open + 1] != '?')
        {
            return null;
        }

        var end = open + 2;
        while (end < pattern.Length && (char.IsAsciiLetter(pattern[end]) || pattern[end] == '-'))
        {
            end++;
        }

        return end < pattern.Length && end > open + 2 && pattern[end] is ')' or ':' ? pattern[(open + 2)..end] : null;
    }

    private static void Escape(string pattern, ref int at, StringBuilder text, bool inClass)
    {
        if (at + 1 >= pattern.Length)
        {
            throw new ArgumentException("trailing backslash at end of expression: ``");
        }

        var c = pattern[++at];
        switch (c)
        {
            // RE2's classes are ASCII only.
            case 'd' or 's' or 'w':
                text.Append(inClass ? AsciiClass(c) : $"[{AsciiClass(c)}]");
                break;
            case 'D' or 'S' or 'W' when !inClass:
                text.Append("[^").Append(AsciiClass(char.ToLowerInvariant(c))).Append(']');
                break;
            case 'p' or 'P' when at + 1 < pattern.Length && pattern[at + 1] != '{':
                text.Append('\\').Append(c).Append('{').Append(pattern[++at]).Append('}');
                break;
            case 'Q' when !inClass:
                var end = pattern.IndexOf("\\E", at, StringComparison.Ordinal);
                end = end < 0 ? pattern.Length : end;
                text.Append(Regex.Escape(pattern[(at + 1)..end]));
                at = Math.Min(pattern.Length - 1, end + 1);
                break;
            case 'x' when at + 1 < pattern.Length && pattern[at + 1] == '{':
                var close = pattern.IndexOf('}', at);
                close = close < 0 ? throw new ArgumentException("invalid escape sequence: `\\x`") : close;
                AppendCodePoint(text, pattern[(at + 2)..close]);
                at = close;
                break;
            default:
                if (char.IsAsciiLetterOrDigit(c) && !"AbBzafnrtvxDSWpP01234567".Contains(c, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"invalid escape sequence: `\\{c}`");
                }

                if (c is >= '1' and <= '9')
                {
                    throw new ArgumentException($"invalid escape sequence: `\\{c}`");
                }

                text.Append('\\').Append(c);
                break;
        }
    }

    private static void Class(string pattern, ref int at, StringBuilder text)
    {
        text.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            text.Append('^');
            at++;
        }

        for (var first = true; at < pattern.Length; first = false, at++)
        {
            switch (pattern[at])
            {
                case ']' when !first:
                    text.Append(']');
                    return;
                case '[' when at + 1 < pattern.Length && pattern[at + 1] == ':':
                    PosixClass(pattern, ref at, text);
                    break;
                case '[':
                    // .NET would take -[ for a subtraction.
                    text.Append("\\[");
                    break;
                case ']':
                    text.Append("\\]");
                    break;
                case '\\':
                    Escape(pattern, ref at, text, inClass: true);
                    break;
                default:
                    text.Append(pattern[at]);
                    break;
            }
        }

        throw new ArgumentException($"missing closing ]: `{pattern}`");
    }

    private static void PosixClass(string pattern, ref int at, StringBuilder text)
    {
        var end = pattern.IndexOf(":]", at, StringComparison.Ordinal);
        var name = end < 0 ? "" : pattern[(at + 2)..end];
        text.Append(name switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => "\\x00-\\x7F",
            "blank" => "\\t ",
            "cntrl" => "\\x00-\\x1F\\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => "!-/:-@\\[-`{-~",
            "space" => "\\t\\n\\v\\f\\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => throw new ArgumentException($"invalid character class range: `[:{name}:]`"),
        });
        at = end + 1;
    }

    private static string AsciiClass(char c) => c switch
    {
        'd' => "0-9",
        's' => "\\t\\n\\f\\r ",
        _ => "0-9A-Za-z_",
    };

    private static void AppendCodePoint(StringBuilder text, string hex)
    {
        if (!int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value))
        {
            throw new ArgumentException($"invalid escape sequence: `\\x{{{hex}}}`");
        }

        foreach (var unit in new Rune(value).ToString())
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }
}
