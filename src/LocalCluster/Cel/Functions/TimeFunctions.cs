using System.Globalization;
using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>The parts of timestamps, in UTC or in a given time zone, and of durations.</summary>
internal static class TimeFunctions
{
    public static IEnumerable<Overload> All =>
    [
        .. Part("getFullYear", time => time.Year),
        .. Part("getMonth", time => time.Month - 1),
        .. Part("getDayOfYear", time => time.DayOfYear - 1),
        .. Part("getDayOfMonth", time => time.Day - 1),
        .. Part("getDate", time => time.Day),
        .. Part("getDayOfWeek", time => (long)time.DayOfWeek),
        .. Part("getHours", time => time.Hour),
        .. Part("getMinutes", time => time.Minute),
        .. Part("getSeconds", time => time.Second),
        .. Part("getMilliseconds", time => time.Millisecond),
        Member("getHours", CelType.Int, (CelDuration span) => span.Nanoseconds / CelDuration.PerHour),
        Member("getMinutes", CelType.Int, (CelDuration span) => span.Nanoseconds / CelDuration.PerMinute),
        Member("getSeconds", CelType.Int, (CelDuration span) => span.Nanoseconds / CelDuration.PerSecond),
        Member("getMilliseconds", CelType.Int, (CelDuration span) => span.Nanoseconds / CelDuration.PerMillisecond),
    ];

    private static IEnumerable<Overload> Part(string name, Func<DateTime, long> part) =>
    [
        Member(name, CelType.Int, (CelTimestamp time) => part(time.Utc)),
        Member(name, CelType.Int, (CelTimestamp time, string zone) => InZone(time, zone) is { } civil
            ? part(civil)
            : new CelError($"unknown time zone {zone}")),
    ];

    /// <summary>The civil time in an IANA zone (<c>Asia/Kolkata</c>) or at a fixed offset (<c>-08:00</c>, <c>5:30</c>).</summary>
    private static DateTime? InZone(CelTimestamp time, string zone)
    {
        var colon = zone.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(zone.Length == 0 ? "UTC" : zone, out var known)
                ? TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(time.Utc, DateTimeKind.Utc), known)
                : null;
        }

        const NumberStyles Sign = NumberStyles.AllowLeadingSign;
        if (!int.TryParse(zone.AsSpan(0, colon), Sign, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(zone.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
        {
            return null;
        }

        var offset = (hours * 60) + (zone[0] == '-' ? -minutes : minutes);
        return time.Add((Int128)offset * CelDuration.PerMinute)?.Utc;
    }
}
