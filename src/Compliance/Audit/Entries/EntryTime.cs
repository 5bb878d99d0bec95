using System.Globalization;

namespace Compliance.Audit.Entries;

/// <summary>Times in entries: ISO 8601 in UTC with milliseconds, always 24 characters.</summary>
internal static class EntryTime
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static ReadOnlySpan<byte> Placeholder => "0000-00-00T00:00:00.000Z"u8;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    public static void Write(DateTimeOffset time, Span<byte> at) => time.UtcDateTime.TryFormat(at, out _, Pattern, CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
