using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalCluster.Tables;

/// <summary>Times as <c>kubectl</c> shows them: how long ago, in at most two units.</summary>
internal static class HumanDuration
{
    private const string Unknown = "<unknown>";

    /// <summary>How long ago a time in an object was.</summary>
    public static string Since(JsonNode? time, DateTimeOffset now) =>
        (string?)time is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then)
            ? Of(now - then)
            : Unknown;

    /// <summary>A duration.</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)Math.Floor(duration.TotalSeconds);
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        var (days, years) = (hours / 24, hours / 24 / 365);
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 2 * 60 => $"{seconds}s",
            < 10 * 60 => Two(minutes, 'm', seconds % 60, 's'),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, 'h', minutes % 60, 'm'),
            < 48 * 3600 => $"{hours}h",
            < 8 * 24 * 3600 => Two(days, 'd', hours % 24, 'h'),
            < 2L * 365 * 24 * 3600 => $"{days}d",
            < 8L * 365 * 24 * 3600 => Two(years, 'y', days % 365, 'd'),
            _ => $"{years}y",
        };
    }

    private static string Two(long large, char largeUnit, long small, char smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
