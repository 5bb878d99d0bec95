using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalCluster.Resources;

/// <summary>Orders API versions by stability: <c>v1alpha1 &lt; v1beta2 &lt; v1 &lt; v2</c>, and names of other forms below all of them.</summary>
internal static partial class ApiVersionPriority
{
    /// <summary>The order; the greatest is preferred.</summary>
    public static IComparer<string> Comparer { get; } = Comparer<string>.Create(static (a, b) =>
        Key(a).CompareTo(Key(b)) is not 0 and var byStability ? byStability : string.CompareOrdinal(b, a));

    private static (int Form, int Stability, int Major, int Minor) Key(string version)
    {
        var match = Form().Match(version);
        if (!match.Success)
        {
            return (0, 0, 0, 0);
        }

        var stability = match.Groups["level"].Value switch { "alpha" => 0, "beta" => 1, _ => 2 };
        return (1, stability, Number(match.Groups["major"].Value), Number(match.Groups["minor"].Value));
    }

    private static int Number(string digits) => int.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^v(?<major>[1-9][0-9]*)((?<level>alpha|beta)(?<minor>[1-9][0-9]*))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
