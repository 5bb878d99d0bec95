namespace Fleet.Kyc;

/// <summary>What a customer may pay.</summary>
/// <param name="PerDayInr">Rupees a day.</param>
/// <param name="PerMonthInr">Rupees a calendar month.</param>
/// <param name="PerYearInr">Rupees a financial year.</param>
/// <param name="InForceFrom">First day on which these limits hold (India).</param>
internal sealed record KycLimits(decimal PerDayInr, decimal PerMonthInr, decimal PerYearInr, DateOnly InForceFrom);

/// <summary>
/// The limits of each level, dated: a change is a new row, so that what held on any day stays known. The figures are the house's own
/// policy, not a quotation of the law.
/// </summary>
internal static class KycLimitTable
{
    // India has one time zone and no summer time.
    private static readonly TimeSpan IndianStandardTime = new(5, 30, 0);

    private static readonly (KycLevel Level, KycLimits Limits)[] Rows =
    [
        (KycLevel.Minimum, new KycLimits(50_000, 100_000, 1_000_000, new DateOnly(2024, 4, 1))),
        (KycLevel.Full, new KycLimits(200_000, 1_000_000, 10_000_000, new DateOnly(2024, 4, 1))),
    ];

    /// <summary>What holds for a level at a moment; null when nothing does.</summary>
    public static KycLimits? InForce(KycLevel level, DateTimeOffset at) => InForce(Rows, level, at);

    /// <inheritdoc cref="InForce(KycLevel, DateTimeOffset)"/>
    internal static KycLimits? InForce(IEnumerable<(KycLevel Level, KycLimits Limits)> rows, KycLevel level, DateTimeOffset at)
    {
        var today = DateOnly.FromDateTime(at.ToOffset(IndianStandardTime).DateTime);
        return rows.Where(r => r.Level == level && r.Limits.InForceFrom <= today).Select(r => r.Limits).MaxBy(l => l.InForceFrom);
    }
}
