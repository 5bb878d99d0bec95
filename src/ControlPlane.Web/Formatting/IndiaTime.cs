using System.Globalization;

namespace ControlPlane.Web.Formatting;

/// <summary>Times as people in India read them. The offset is fixed: India has had no daylight saving since 1945.</summary>
public static class IndiaTime
{
    private static readonly TimeSpan Offset = new(5, 30, 0);

    /// <summary>Such as <c>23 Nov 2026, 23:49:31 IST</c>.</summary>
    public static string Full(DateTimeOffset at) => Write(at, "d MMM yyyy, HH:mm:ss 'IST'");

    /// <summary>Such as <c>23:49:31 IST</c>.</summary>
    public static string OfDay(DateTimeOffset at) => Write(at, "HH:mm:ss 'IST'");

    /// <summary>Time of day, with the day in front when that is not the day of <paramref name="now"/>: <c>23:49:31</c> or <c>22 Nov 23:49:31</c>.</summary>
    public static string Brief(DateTimeOffset at, DateTimeOffset now) =>
        Write(at, at.ToOffset(Offset).Date == now.ToOffset(Offset).Date ? "HH:mm:ss" : "d MMM HH:mm:ss");

    /// <summary>To the millisecond, in India and in UTC: what somebody needs who compares it with a log.</summary>
    public static string Exact(DateTimeOffset at) =>
        $"{Write(at, "d MMM yyyy, HH:mm:ss.fff 'IST'")} ({at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)})";

    /// <summary>To the minute: <c>23 Nov 2026, 23:49</c>.</summary>
    public static string Minute(DateTimeOffset at) => Write(at, "d MMM yyyy, HH:mm");

    private static string Write(DateTimeOffset at, string format) => at.ToOffset(Offset).ToString(format, CultureInfo.InvariantCulture);
}
