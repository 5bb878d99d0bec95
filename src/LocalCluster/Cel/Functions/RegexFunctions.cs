using System.Text.RegularExpressions;
using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary><c>matches</c>, and Kubernetes' <c>find</c> and <c>findAll</c>.</summary>
internal static class RegexFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Global("matches", CelType.Bool, (string text, string pattern) => With(pattern, regex => regex.IsMatch(text))),
        Member("matches", CelType.Bool, (string text, string pattern) => With(pattern, regex => regex.IsMatch(text))),
        Member("find", CelType.String, (string text, string pattern) => With(pattern, regex => regex.Match(text).Value)),
        Member("findAll", CelTypes.ListOfStrings, (string text, string pattern) => FindAll(text, pattern, -1)),
        Member("findAll", CelTypes.ListOfStrings, (string text, string pattern, long count) => FindAll(text, pattern, count)),
    ];

    private static object FindAll(string text, string pattern, long count) => With(pattern, regex =>
    {
        var found = regex.Matches(text).Select(match => (object)match.Value);
        return CelList.Of(count < 0 ? found : found.Take((int)Math.Min(count, int.MaxValue)));
    });

    private static object With(string pattern, Func<Regex, object> use) =>
        Re2.Compile(pattern, out var error) is { } regex ? use(regex) : new CelError(error!);
}
