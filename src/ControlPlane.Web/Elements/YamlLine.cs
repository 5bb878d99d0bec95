using System.Text.RegularExpressions;

namespace ControlPlane.Web.Elements;

/// <summary>A line of YAML in the parts that are coloured apart.</summary>
/// <param name="Indent">Space and list dashes in front.</param>
/// <param name="Key">Name of the field with its colon; empty when the line has none.</param>
/// <param name="Rest">What follows.</param>
internal sealed partial record YamlLine(string Indent, string Key, string Rest)
{
    /// <summary>True for a line that is only a comment.</summary>
    public bool IsComment => Key.Length == 0 && Rest.StartsWith('#');

    /// <summary>The lines of a text.</summary>
    public static IEnumerable<YamlLine> Of(string text) => text.TrimEnd('\n').Split('\n').Select(Read);

    private static YamlLine Read(string line)
    {
        var match = Shape().Match(line);
        return new(match.Groups["indent"].Value, match.Groups["key"].Value, match.Groups["rest"].Value);
    }

    [GeneratedRegex("""^(?<indent>[ ]*(?:-[ ]+)*)(?<key>(?:"[^"]*"|'[^']*'|[^\s#"'{\[][^:#]*?):(?=\s|$))?(?<rest>.*)$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
