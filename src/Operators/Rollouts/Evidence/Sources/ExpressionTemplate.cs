using System.Text.RegularExpressions;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>PromQL with placeholders such as <c>${track}</c>. What they stand for are names of Kubernetes, which need no escapes in a string.</summary>
internal static partial class ExpressionTemplate
{
    public const string Namespace = "namespace";
    public const string Service = "service";
    public const string Workload = "workload";
    public const string Track = "track";
    public const string Interval = "interval";

    private static readonly string[] Names = [Namespace, Service, Workload, Track, Interval];

    /// <summary>Placeholders that stand for nothing.</summary>
    public static IEnumerable<string> Unknown(string template) => Used(template).Except(Names);

    /// <summary>True when it asks for one of the two sides.</summary>
    public static bool TellsSides(string template) => Used(template).Any(static name => name is Track or Workload);

    public static string Fill(string template, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(template, match => values[match.Groups["name"].Value]);

    private static IEnumerable<string> Used(string template) => Placeholder().Matches(template).Select(static match => match.Groups["name"].Value).Distinct();

    [GeneratedRegex(@"\$\{(?<name>[^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
