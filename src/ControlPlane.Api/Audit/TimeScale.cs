namespace ControlPlane.Api.Audit;

/// <summary>Divides a period into stretches of a round length that begin at round times of India.</summary>
/// <param name="From">Begin of the first stretch (UTC).</param>
/// <param name="To">End of the last one, or after it (UTC).</param>
/// <param name="Width">How long each lasts.</param>
public sealed record TimeScale(DateTimeOffset From, DateTimeOffset To, TimeSpan Width)
{
    /// <summary>More stretches than this are too thin to point at.</summary>
    public const int MostBuckets = 60;

    private static readonly TimeSpan[] Widths =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6),
        TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromDays(90),
    ];

    /// <summary>The finest scale that a period fits into.</summary>
    public static TimeScale Of(DateTimeOffset from, DateTimeOffset to)
    {
        var width = Widths.FirstOrDefault(width => (to - from) / width < MostBuckets - 1, TimeSpan.FromDays(365));
        return new(Floor(from, width), to, width);
    }

    /// <summary>The stretches, oldest first; at least one.</summary>
    public IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Buckets()
    {
        var start = From;
        do
        {
            yield return (start, start + Width);
            start += Width;
        }
        while (start < To);
    }

    /// <summary>The last round time of India at or before an instant.</summary>
    public static DateTimeOffset Floor(DateTimeOffset at, TimeSpan width)
    {
        var india = at.UtcTicks + Instant.India.Ticks;
        return new DateTimeOffset(india - (india % width.Ticks) - Instant.India.Ticks, TimeSpan.Zero);
    }
}
