using System.Collections.Frozen;
using System.Text;

namespace LocalCluster.Cel;

/// <summary>
/// Names of JSON properties as identifiers of expressions (KEP-2876): <c>__</c>, <c>.</c>, <c>-</c> and <c>/</c> are spelt out, and
/// reserved words get underscores: <c>self.__namespace__</c>, <c>self.app__dot__kubernetes__dot__io</c>.
/// </summary>
internal static class FieldNames
{
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    }.ToFrozenSet();

    private static readonly (string Plain, string Escaped)[] Sequences =
        [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

    /// <summary>The identifier for a property; null when it has none and expressions can't reach it.</summary>
    public static string? Escape(string property)
    {
        if (property.Length == 0 || char.IsAsciiDigit(property[0]))
        {
            return null;
        }

        if (Reserved.Contains(property))
        {
            return $"__{property}__";
        }

        var identifier = new StringBuilder(property.Length);
        for (var at = 0; at < property.Length;)
        {
            var (plain, escaped) = Array.Find(Sequences, s => string.CompareOrdinal(property, at, s.Plain, 0, s.Plain.Length) == 0);
            if (plain is null && !char.IsAsciiLetterOrDigit(property[at]) && property[at] != '_')
            {
                return null;
            }

            identifier.Append(escaped ?? property[at].ToString());
            at += plain?.Length ?? 1;
        }

        return identifier.ToString();
    }

    /// <summary>The property that an identifier stands for.</summary>
    public static string Unescape(string identifier)
    {
        if (!identifier.Contains("__", StringComparison.Ordinal))
        {
            return identifier;
        }

        if (identifier.Length > 4 && Reserved.Contains(identifier[2..^2]))
        {
            return identifier[2..^2];
        }

        var property = new StringBuilder(identifier.Length);
        for (var at = 0; at < identifier.Length;)
        {
            var (plain, escaped) = Array.Find(Sequences, s => string.CompareOrdinal(identifier, at, s.Escaped, 0, s.Escaped.Length) == 0);
            property.Append(plain ?? identifier[at].ToString());
            at += escaped?.Length ?? 1;
        }

        return property.ToString();
    }
}
