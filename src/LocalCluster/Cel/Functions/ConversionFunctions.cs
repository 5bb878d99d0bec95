using System.Globalization;
using System.Text;
using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>The functions that have the name of the type they convert to.</summary>
internal static class ConversionFunctions
{
    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<Overload> All =>
    [
        new("dyn", false, [CelTypes.A], CelType.Dyn, args => args[0]),
        new("type", false, [CelTypes.A], CelType.TypeOf(CelTypes.A), args => CelValues.TypeOf(args[0])),

        Global("bool", CelType.Bool, (bool value) => value),
        Global("bool", CelType.Bool, (string text) => text switch
        {
            "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
            "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
            _ => Cannot(CelType.String, CelType.Bool),
        }),

        Global("int", CelType.Int, (long value) => value),
        Global("int", CelType.Int, (ulong value) => value <= long.MaxValue ? (long)value : CelError.IntOverflow),
        Global("int", CelType.Int, (double value) => value is > -TwoTo63 and < TwoTo63 ? (long)value : CelError.IntOverflow),
        Global("int", CelType.Int, (CelDuration value) => value.Nanoseconds),
        Global("int", CelType.Int, (CelTimestamp value) => value.Seconds),
        Global("int", CelType.Int, (string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
                : Cannot(CelType.String, CelType.Int)),

        Global("uint", CelType.Uint, (ulong value) => value),
        Global("uint", CelType.Uint, (long value) => value >= 0 ? (ulong)value : CelError.UintOverflow),
        Global("uint", CelType.Uint, (double value) => value is >= 0 and < TwoTo64 ? (ulong)value : CelError.UintOverflow),
        Global("uint", CelType.Uint, (string text) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : Cannot(CelType.String, CelType.Uint)),

        Global("double", CelType.Double, (double value) => value),
        Global("double", CelType.Double, (long value) => (double)value),
        Global("double", CelType.Double, (ulong value) => (double)value),
        Global("double", CelType.Double, (string text) => Double(text) is { } value ? value : Cannot(CelType.String, CelType.Double)),

        Global("string", CelType.String, (string value) => value),
        Global("string", CelType.String, (bool value) => CelValues.Show(value)),
        Global("string", CelType.String, (long value) => CelValues.Show(value)),
        Global("string", CelType.String, (ulong value) => CelValues.Show(value)),
        Global("string", CelType.String, (double value) => CelValues.Show(value)),
        Global("string", CelType.String, (CelDuration value) => value.ToString()),
        Global("string", CelType.String, (CelTimestamp value) => value.ToString()),
        Global("string", CelType.String, (byte[] value) => Text(value)),

        Global("bytes", CelType.Bytes, (byte[] value) => value),
        Global("bytes", CelType.Bytes, (string value) => Encoding.UTF8.GetBytes(value)),

        Global("duration", CelType.Duration, (CelDuration value) => value),
        Global("duration", CelType.Duration, (long nanoseconds) => new CelDuration(nanoseconds)),
        Global("duration", CelType.Duration, (string text) =>
            CelDuration.TryParse(text, out var value) ? value : Cannot(CelType.String, "google.protobuf.Duration")),

        Global("timestamp", CelType.Timestamp, (CelTimestamp value) => value),
        Global("timestamp", CelType.Timestamp, (long seconds) =>
            default(CelTimestamp).Add((Int128)seconds * CelDuration.PerSecond) is { } value ? value : CelError.TimestampOverflow),
        Global("timestamp", CelType.Timestamp, (string text) =>
            CelTimestamp.TryParse(text, out var value) ? value : Cannot(CelType.String, "google.protobuf.Timestamp")),
    ];

    private static double? Double(string text)
    {
        var special = text.TrimStart('+', '-').ToUpperInvariant();
        if (special is "INF" or "INFINITY" && text.Length - special.Length <= 1)
        {
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (special == "NAN" && text.Length == 3)
        {
            return double.NaN;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return special.Length > 0
            && special[0] is not ('I' or 'N')
            && double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) ? value : null;
    }

    private static object Text(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new CelError("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    private static CelError Cannot(CelType from, object to) => new($"type conversion error from '{from}' to '{to}'");
}
