using System.Globalization;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>Durations as policies write them, such as <c>1m30s</c> or <c>250ms</c> (GEP-2257).</summary>
internal static class PolicyDuration
{
    /// <summary>Reads one. The schema holds the form; what does not have it counts as no time.</summary>
    public static TimeSpan Parse(string text)
    {
        var total = TimeSpan.Zero;
        var at = 0;
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (!int.TryParse(text.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return TimeSpan.Zero;
            }

            var unit = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            total += text[unit..at] switch
            {
                "h" => TimeSpan.FromHours(number),
                "m" => TimeSpan.FromMinutes(number),
                "s" => TimeSpan.FromSeconds(number),
                "ms" => TimeSpan.FromMilliseconds(number),
                _ => TimeSpan.Zero,
            };
        }

        return total;
    }

    /// <summary>True for one that stands for no limit.</summary>
    public static bool IsNone(string? text) => text is null || Parse(text) == TimeSpan.Zero;

    /// <summary>The duration, or null where there is none or it stands for no limit.</summary>
    public static string? Positive(string? text) => IsNone(text) ? null : text;

    /// <summary>Whole seconds; null when it has a part of one, or is none.</summary>
    public static int? WholeSeconds(string text) => Parse(text) is var span && span > TimeSpan.Zero && span.Ticks % TimeSpan.TicksPerSecond == 0 ? (int)span.TotalSeconds : null;
}
