namespace LocalCluster.Load;

/// <summary>
/// How busy a shop is over the day in India: a small peak before lunch, a large one in the evening, and hardly anybody at four in the morning. The figures are made
/// up; their mean is 1, so that a rate that is multiplied by them is the rate of the whole day.
/// </summary>
internal static class DayShape
{
    private static readonly double[] ByHour = Normalised(
    [
        0.45, 0.25, 0.15, 0.12, 0.10, 0.15, 0.30, 0.55, 0.80, 1.00, 1.20, 1.35,
        1.40, 1.25, 1.05, 1.00, 1.05, 1.20, 1.50, 1.95, 2.10, 1.85, 1.30, 0.80,
    ]);

    /// <summary>The busiest moment.</summary>
    public static double Peak { get; } = ByHour.Max();

    /// <summary>How many times as busy as on average it is; between two hours it changes evenly.</summary>
    /// <param name="hour">Hour of the day, from 0 to under 24, with its fraction.</param>
    public static double At(double hour)
    {
        var (from, rest) = ((int)hour % 24, hour - Math.Floor(hour));
        return ByHour[from] + ((ByHour[(from + 1) % 24] - ByHour[from]) * rest);
    }

    /// <summary>The hour of a day that may be shorter than a real one; a real one follows the clock of India (UTC+5:30).</summary>
    public static double HourOf(DateTimeOffset now, int dayMinutes)
    {
        var minutes = (now.UtcDateTime - DateTime.UnixEpoch).TotalMinutes + 330;
        return minutes % dayMinutes / dayMinutes * 24;
    }

    private static double[] Normalised(double[] shape)
    {
        var mean = shape.Average();
        return Array.ConvertAll(shape, hour => hour / mean);
    }
}
