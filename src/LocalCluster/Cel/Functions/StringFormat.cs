using System.Globalization;
using System.Text;

namespace LocalCluster.Cel.Functions;

/// <summary><c>'%d of %s'.format([1, 'x'])</c>, with the verbs %s %d %f %e %b %x %X %o and a precision for %f and %e.</summary>
internal static class StringFormat
{
    private const int DefaultPrecision = 6;

    /// <summary>Fills in the arguments, or says what is wrong with them.</summary>
    public static object Apply(string format, CelList arguments)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                result.Append(format[at]);
                continue;
            }

            at++;
            if (at < format.Length && format[at] == '%')
            {
                result.Append('%');
                continue;
            }

            var precision = Precision(format, ref at);
            if (at >= format.Length)
            {
                return new CelError("could not parse formatting clause: unexpected end of string");
            }

            if (next >= arguments.Count)
            {
                return new CelError($"error during formatting: index {next} out of range");
            }

            if (Clause(format[at], precision, arguments[next++], result) is { } error)
            {
                return error;
            }
        }

        return result.ToString();
    }

    private static int Precision(string format, ref int at)
    {
        if (at >= format.Length || format[at] != '.')
        {
            return DefaultPrecision;
        }

        var start = ++at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        return int.TryParse(format.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
            ? Math.Min(precision, 100)
            : DefaultPrecision;
    }

    private static CelError? Clause(char verb, int precision, object value, StringBuilder result)
    {
        var text = (verb, value) switch
        {
            ('s', _) => Text(value),
            ('d', long or ulong) => CelValues.Show(value),
            ('f', _) => Number(value) is { } number ? Fixed(number, precision) : null,
            ('e', _) => Number(value) is { } number ? Scientific(number, precision) : null,
            ('b', bool bit) => bit ? "1" : "0",
            ('b', long number) => number < 0 ? "-" + Binary(-(Int128)number) : Binary(number),
            ('b', ulong number) => Binary(number),
            ('o', long number) => (number < 0 ? "-" : "") + Octal((UInt128)Int128.Abs(number)),
            ('o', ulong number) => Octal(number),
            ('x' or 'X', long number) => (number < 0 ? "-" : "") + ((UInt128)Int128.Abs(number)).ToString("x", CultureInfo.InvariantCulture),
            ('x' or 'X', ulong number) => number.ToString("x", CultureInfo.InvariantCulture),
            ('x' or 'X', string s) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(s)),
            ('x' or 'X', byte[] bytes) => Convert.ToHexStringLower(bytes),
            _ => null,
        };
        if (text is not null)
        {
            result.Append(verb == 'X' ? text.ToUpperInvariant() : text);
            return null;
        }

        var wanted = verb switch
        {
            's' => "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
            'd' => "decimal clause can only be used on integers",
            'f' => "fixed-point clause can only be used on doubles",
            'e' => "scientific clause can only be used on doubles",
            'b' => "only integers and bools can be formatted as binary",
            'o' => "octal clause can only be used on integers",
            'x' or 'X' => "only integers, byte buffers, and strings can be formatted as hex",
            _ => null,
        };
        return new CelError(wanted is null
            ? $"could not parse formatting clause: unrecognized formatting clause \"{verb}\""
            : $"error during formatting: {wanted}, was given {CelValues.TypeOf(value).Name}");
    }

    private static string? Text(object value) => value switch
    {
        CelList list => "[" + string.Join(", ", list.Items().Select(Nested)) + "]",
        CelMap map => "{" + string.Join(", ", MapEntries(map)) + "}",
        CelType type => type.Name,
        IOpaque or CelOptional => null,
        _ => CelValues.Show(value),
    };

    private static IEnumerable<string> MapEntries(CelMap map) => map.Keys
        .Select(key => (Key: Nested(key), Value: Nested(RelationFunctions.At(map, key))))
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}:{entry.Value}");

    // Inside of lists and maps values look as they would in an expression.
    private static string Nested(object value) => value switch
    {
        string text => GoText.Quote(text),
        byte[] bytes => "b" + GoText.Quote(Encoding.UTF8.GetString(bytes)),
        double number => Fixed(number, DefaultPrecision),
        CelTimestamp time => $"timestamp(\"{time}\")",
        CelDuration span => $"duration(\"{span}\")",
        _ => Text(value) ?? "",
    };

    private static double? Number(object value) => value switch
    {
        double number => number,
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => null,
    };

    private static string Fixed(double value, int precision) =>
        double.IsFinite(value) ? value.ToString("F" + precision, CultureInfo.InvariantCulture) : Infinite(value);

    private static string Scientific(double value, int precision) => double.IsFinite(value)
        ? value.ToString("0." + new string('0', precision) + "e+00", CultureInfo.InvariantCulture)
        : Infinite(value);

    private static string Infinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";

    private static string Binary(Int128 value) => value.ToString("b", CultureInfo.InvariantCulture);

    private static string Octal(UInt128 value)
    {
        var digits = "";
        do
        {
            digits = (char)('0' + (int)(value % 8)) + digits;
            value /= 8;
        }
        while (value > 0);

        return digits;
    }
}
