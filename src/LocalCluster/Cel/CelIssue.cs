using System.Text;

namespace LocalCluster.Cel;

/// <summary>Why an expression can't be used.</summary>
/// <param name="Position">Index of the character at fault.</param>
/// <param name="Message">What is wrong.</param>
internal readonly record struct CelIssue(int Position, string Message)
{
    // Longer lines are not repeated in messages.
    private const int MaxSnippet = 16384;

    /// <summary>All issues of an expression, by position, as a Kubernetes API server shows them: the message, the line and a caret.</summary>
    public static string Show(string expression, IEnumerable<CelIssue> issues) =>
        string.Join('\n', issues.OrderBy(issue => issue.Position).Select(issue => issue.Show(expression)));

    private string Show(string expression)
    {
        var position = Math.Clamp(Position, 0, expression.Length);
        var lineStart = position == 0 ? 0 : expression.LastIndexOf('\n', position - 1) + 1;
        var lineNumber = expression.AsSpan(0, lineStart).Count('\n') + 1;
        var lineEnd = expression.IndexOf('\n', lineStart);
        var line = expression[lineStart..(lineEnd < 0 ? expression.Length : lineEnd)].Replace('\t', ' ');
        var before = expression[lineStart..position].EnumerateRunes().ToList();

        var text = new StringBuilder($"ERROR: <input>:{lineNumber}:{before.Count + 1}: {Message}");
        if (line.Length > MaxSnippet)
        {
            return text.ToString();
        }

        text.Append("\n | ").Append(line).Append("\n | ");
        foreach (var rune in before)
        {
            text.Append(rune.IsAscii ? '.' : '．');
        }

        var wide = position < lineStart + line.Length && !char.IsAscii(expression[position]);
        return text.Append(wide ? '＾' : '^').ToString();
    }
}
