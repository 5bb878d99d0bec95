using System.Globalization;
using System.Runtime.InteropServices;

namespace LocalCluster.Cel;

/// <summary>A span of time, as Go's time.Duration has it.</summary>
/// <param name="Nanoseconds">Its length; may be negative.</param>
internal readonly record struct CelDuration(long Nanoseconds)
{
    public const long PerMicrosecond = 1_000;
    public const long PerMillisecond = 1_000_000;
    public const long PerSecond = 1_000_000_000;
    public const long PerMinute = 60 * PerSecond;
    public const long PerHour = 60 * PerMinute;

    /// <summary>Reads <c>1h30m</c>, <c>-1.5s</c>, <c>300ms</c>, <c>0</c>: numbers with units from ns to h.</summary>
    public static bool TryParse(string text, out CelDuration duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        rest = rest is ['-' or '+', ..] ? rest[1..] : rest;
        if (rest is "0")
        {
            return true;
        }

        Int128 total = 0;
        while (rest.Length > 0)
        {
            if (!TakeNumber(ref rest, out var whole, out var fraction, out var scale) || !TakeUnit(ref rest, out var unit))
            {
                return false;
            }

            total += (whole * unit) + (fraction * unit / scale);
            if (total > (Int128)long.MaxValue + 1)
            {
                return false;
            }
        }

        total = negative ? -total : total;
        if (text.Length == 0 || text is "-" or "+" || total > long.MaxValue)
        {
            return false;
        }

        duration = new((long)total);
        return true;
    }

    /// <summary>Negative, zero or positive: the first is shorter, as long or longer.</summary>
    public static int Compare(CelDuration a, CelDuration b) => a.Nanoseconds.CompareTo(b.Nanoseconds);

    /// <summary>Seconds with as many digits as needed: <c>5400s</c>, <c>1.5s</c>.</summary>
    public override string ToString()
    {
        var seconds = (decimal)Nanoseconds / PerSecond;
        return seconds.ToString("0.#########", CultureInfo.InvariantCulture) + "s";
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> rest, out Int128 whole, out Int128 fraction, out Int128 scale)
    {
        (whole, fraction, scale) = (0, 0, 1);
        var digits = 0;
        var point = false;
        for (; rest.Length > 0 && (char.IsAsciiDigit(rest[0]) || (rest[0] == '.' && !point)); rest = rest[1..])
        {
            if (rest[0] == '.')
            {
                point = true;
                continue;
            }

            digits++;
            if (!point)
            {
                whole = (whole * 10) + (rest[0] - '0');
            }
            else if (scale < PerHour * (Int128)PerSecond)
            {
                // Digits beyond what nanoseconds can show don't count.
                fraction = (fraction * 10) + (rest[0] - '0');
                scale *= 10;
            }

            if (whole > long.MaxValue)
            {
                return false;
            }
        }

        return digits > 0;
    }

    private static bool TakeUnit(ref ReadOnlySpan<char> rest, out long unit)
    {
        (unit, var length) = rest switch
        {
            ['n', 's', ..] => (1L, 2),
            ['u' or 'µ' or 'μ', 's', ..] => (PerMicrosecond, 2),
            ['m', 's', ..] => (PerMillisecond, 2),
            ['s', ..] => (PerSecond, 1),
            ['m', ..] => (PerMinute, 1),
            ['h', ..] => (PerHour, 1),
            _ => (0L, 0),
        };
        rest = rest[length..];
        return length > 0;
    }
}

/// <summary>A point in time between the years 1 and 9999.</summary>
/// <param name="Seconds">Whole seconds since 1970, UTC.</param>
/// <param name="Nanos">Nanoseconds after that second.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CelTimestamp(long Seconds, int Nanos)
{
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    /// <summary>The civil time in UTC, to 100 ns.</summary>
    public DateTime Utc => DateTime.UnixEpoch.AddTicks((Seconds * TimeSpan.TicksPerSecond) + (Nanos / TimeSpan.NanosecondsPerTick));

    /// <summary>Reads RFC 3339, such as <c>2026-01-02T03:04:05.678Z</c>.</summary>
    public static bool TryParse(string text, out CelTimestamp timestamp)
    {
        timestamp = default;
        if (text.Length < 20 || text[10] != 'T' || !TryOffset(text, out var civil, out var offset))
        {
            return false;
        }

        var nanos = 0;
        if (civil.Length > 19)
        {
            var fraction = civil[20..];
            if (civil[19] != '.' || fraction.Length == 0 || fraction.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            nanos = int.Parse(fraction[..Math.Min(9, fraction.Length)].ToString().PadRight(9, '0'), CultureInfo.InvariantCulture);
        }

        if (!DateTime.TryParseExact(
            civil[..19], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return false;
        }

        timestamp = new(((time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond) - offset, nanos);
        return timestamp.Seconds is >= MinSeconds and <= MaxSeconds;
    }

    /// <summary>The time so much later; null when that is out of range.</summary>
    public CelTimestamp? Add(Int128 nanoseconds)
    {
        var total = (Seconds * (Int128)CelDuration.PerSecond) + Nanos + nanoseconds;
        var nanos = (int)(((total % CelDuration.PerSecond) + CelDuration.PerSecond) % CelDuration.PerSecond);
        var seconds = (total - nanos) / CelDuration.PerSecond;
        return seconds >= MinSeconds && seconds <= MaxSeconds ? new((long)seconds, nanos) : null;
    }

    /// <summary>How much later than another it is; null when that is too much for a duration (292 years).</summary>
    public CelDuration? Since(CelTimestamp other)
    {
        var nanoseconds = ((Int128)(Seconds - other.Seconds) * CelDuration.PerSecond) + (Nanos - other.Nanos);
        return nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue ? new((long)nanoseconds) : null;
    }

    /// <summary>Negative, zero or positive: the first is earlier, the same or later.</summary>
    public static int Compare(CelTimestamp a, CelTimestamp b) => (a.Seconds, a.Nanos).CompareTo((b.Seconds, b.Nanos));

    /// <summary>RFC 3339 in UTC, with as many digits of a second as needed.</summary>
    public override string ToString()
    {
        var fraction = Nanos == 0 ? "" : "." + Nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return Utc.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + fraction + "Z";
    }

    private static bool TryOffset(string text, out ReadOnlySpan<char> civil, out int seconds)
    {
        seconds = 0;
        civil = text.AsSpan(0, text.Length - 1);
        if (text[^1] == 'Z')
        {
            return true;
        }

        civil = text.AsSpan(0, text.Length - 6);
        var zone = text.AsSpan(text.Length - 6);
        if (zone[0] is not ('+' or '-')
            || zone[3] != ':'
            || !int.TryParse(zone[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(zone[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 24
            || minutes > 60)
        {
            return false;
        }

        seconds = ((hours * 60) + minutes) * (zone[0] == '-' ? -60 : 60);
        return civil.Length >= 19;
    }
}
