using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalCluster.Cel;

/// <summary>String formats that expressions and schemas both check, as kube-openapi's strfmt understands them.</summary>
internal static class TextFormats
{
    private static readonly Regex Uuid = new(
        @"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z",
        RegexOptions.NonBacktracking);

    private static readonly Regex ScalaDuration = new(
        @"^([0-9]+\s*[A-Za-zµ]+\s*)+\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly Regex ScalaPart = new(
        @"(?<number>[0-9]+)\s*(?<unit>[A-Za-zµ]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>A UUID of any version, in any case, with or without its dashes.</summary>
    public static bool IsUuid(string text) => Uuid.IsMatch(text);

    /// <summary>Base64 of RFC 4648 with padding.</summary>
    public static bool IsBase64(string text) => TryBase64(text, out _);

    /// <summary>Decodes base64 of RFC 4648 with padding; line breaks don't count.</summary>
    public static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (text.AsSpan().ContainsAny(' ', '\t') || !Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        Array.Resize(ref bytes, length);
        return true;
    }

    /// <summary>A date of RFC 3339, <c>2006-01-02</c>.</summary>
    public static bool TryDate(string text, out CelTimestamp date) => CelTimestamp.TryParse(text + "T00:00:00Z", out date) && text.Length == 10;

    /// <summary>A time of RFC 3339; unlike there the T and the zone may be in lower case.</summary>
    public static bool TryDateTime(string text, out CelTimestamp time) =>
        CelTimestamp.TryParse(text.ToUpperInvariant(), out time) && text.Length >= 20;

    /// <summary>A duration in Go's form, <c>1h30m</c>, or in Scala's, <c>3 days</c>.</summary>
    public static bool TryDuration(string text, out CelDuration duration)
    {
        if (CelDuration.TryParse(text, out duration))
        {
            return true;
        }

        if (!ScalaDuration.IsMatch(text))
        {
            return false;
        }

        var nanoseconds = 0m;
        foreach (Match part in ScalaPart.Matches(text))
        {
            var unit = Unit(part.Groups["unit"].Value);
            if (unit == 0
                || !decimal.TryParse(part.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number > long.MaxValue / unit)
            {
                return false;
            }

            nanoseconds += number * unit;
        }

        duration = new((long)Math.Min(nanoseconds, long.MaxValue));
        return true;
    }

    private static long Unit(string name) => name.ToLowerInvariant() switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1,
        "us" or "µs" or "micro" or "micros" or "microsecond" or "microseconds" => CelDuration.PerMicrosecond,
        "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => CelDuration.PerMillisecond,
        "s" or "sec" or "secs" or "second" or "seconds" => CelDuration.PerSecond,
        "m" or "min" or "mins" or "minute" or "minutes" => CelDuration.PerMinute,
        "h" or "hr" or "hour" or "hours" => CelDuration.PerHour,
        "d" or "day" or "days" => 24 * CelDuration.PerHour,
        "w" or "wk" or "week" or "weeks" => 7 * 24 * CelDuration.PerHour,
        _ => 0,
    };
}
