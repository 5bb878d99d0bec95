using System.Collections.Frozen;
using LocalCluster.Cel.Functions;

namespace LocalCluster.Cel;

/// <summary>
/// The functions that expressions can call: those of the language and of the libraries that Kubernetes 1.36 enables for custom
/// resources. The authorizer's are missing, for there is none to ask.
/// </summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Overload[]> ByName = new[]
    {
        ArithmeticFunctions.All,
        RelationFunctions.All,
        ConversionFunctions.All,
        TimeFunctions.All,
        StringFunctions.All,
        RegexFunctions.All,
        ListFunctions.All,
        OptionalFunctions.All,
        QuantityFunctions.All,
        UrlFunctions.All,
        IpFunctions.All,
        FormatFunctions.All,
        SemverFunctions.All,
    }.SelectMany(library => library).GroupBy(overload => overload.Function).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The signatures of a function; null when there is none of that name.</summary>
    public static IReadOnlyList<Overload>? Find(string name) => ByName.GetValueOrDefault(name);
}
