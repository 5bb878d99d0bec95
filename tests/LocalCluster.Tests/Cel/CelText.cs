using System.Globalization;
using LocalCluster.Cel;

namespace LocalCluster.Tests.Cel;

/// <summary>Values as they would be written in an expression, so that the tables of cases can be read.</summary>
internal static class CelText
{
    public static string Evaluate(string expression)
    {
        var program = CelProgram.Compile(expression, [], out var issues);
        return program is null ? "refused: " + FirstMessage(issues!) : Show(program.Evaluate([], double.MaxValue).Value);
    }

    public static string Show(object value) => value switch
    {
        ulong number => number.ToString(CultureInfo.InvariantCulture) + "u",
        double number => number == Math.Floor(number) && Math.Abs(number) < 1e6
            ? number.ToString("0.0", CultureInfo.InvariantCulture)
            : CelValues.Show(number),
        string text => "'" + text + "'",
        byte[] bytes => "b'" + CelValues.Show(bytes) + "'",
        CelDuration span => $"duration('{span}')",
        CelTimestamp time => $"timestamp('{time}')",
        CelList list => "[" + string.Join(", ", list.Items().Select(Show)) + "]",
        CelMap map => "{" + string.Join(", ", map.Keys.Select(key => Show(key) + ": " + Show(Entry(map, key)))) + "}",
        CelOptional { Value: null } => "optional.none()",
        CelOptional { Value: { } inner } => $"optional.of({Show(inner)})",
        CelError error => "error: " + error.Message,
        CelType type => type.Name,
        _ => CelValues.Show(value),
    };

    private static object Entry(CelMap map, object key) => map.TryGet(key, out var value) ? value : CelNull.Value;

    // "ERROR: <input>:1:2: message", then the line with a caret.
    private static string FirstMessage(string issues) => issues.Split('\n')[0].Split(": ", 3)[2];
}
