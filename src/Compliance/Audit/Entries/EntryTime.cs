using System.Globalization;

namespace Compliance.Audit.Entries;

/// <summary>Times in entries: ISO 8601 in UTC with milliseconds, always 24 characters.</summary>
internal static class EntryTime
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static ReadOnlySpan<byte> Placeholder => "0000-00-00T00:00:00.000Z"u8;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>By hand: it is done twice for each entry, and going by a pattern takes ten times as long.</summary>
    public static void Write(DateTimeOffset time, Span<byte> at)
    {
        Placeholder.CopyTo(at);
        var utc = time.UtcDateTime;
        utc.Deconstruct(out DateOnly date, out TimeOnly clock);
        WriteDigits(at[..4], date.Year);
        WriteDigits(at[5..7], date.Month);
        WriteDigits(at[8..10], date.Day);
        WriteDigits(at[11..13], clock.Hour);
        WriteDigits(at[14..16], clock.Minute);
        WriteDigits(at[17..19], clock.Second);
        WriteDigits(at[20..23], clock.Millisecond);
    }

    public static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static void WriteDigits(Span<byte> at, int number)
    {
        for (var i = at.Length - 1; i >= 0; i--, number /= 10)
        {
            at[i] = (byte)('0' + (number % 10));
        }
    }
}
