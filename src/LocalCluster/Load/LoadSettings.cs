using System.Globalization;

namespace LocalCluster.Load;

/// <summary>How much made-up traffic there is.</summary>
/// <param name="IsOn">Whether there is any.</param>
/// <param name="RequestsPerSecond">Requests a second, averaged over the day: at its peak there are twice as many.</param>
/// <param name="DayMinutes">Minutes that a day takes: 1440 follows the clock of India; less has the peaks of a day come by faster.</param>
public sealed record LoadSettings(bool IsOn, double RequestsPerSecond, int DayMinutes)
{
    /// <summary>Fewest requests a second.</summary>
    public const double LowestRate = 0.1;

    /// <summary>Most requests a second: the fleet runs in one process beside everything else.</summary>
    public const double HighestRate = 200;

    /// <summary>Shortest day, in minutes.</summary>
    public const int ShortestDay = 10;

    /// <summary>Longest day, in minutes: a real one.</summary>
    public const int LongestDay = 1440;

    /// <summary>What holds until somebody says otherwise.</summary>
    public static LoadSettings Default { get; } = new(IsOn: false, RequestsPerSecond: 5, DayMinutes: LongestDay);

    /// <summary>The field that is out of its bounds, and the bounds; null when all are within.</summary>
    public (string Field, string Message)? Problem =>
        RequestsPerSecond is not (>= LowestRate and <= HighestRate) // NaN is neither
            ? ("requestsPerSecond", string.Create(CultureInfo.InvariantCulture, $"must be from {LowestRate} to {HighestRate}"))
        : DayMinutes is < ShortestDay or > LongestDay ? ("dayMinutes", $"must be from {ShortestDay} to {LongestDay}")
        : null;
}
