namespace Compliance.Retention;

/// <summary>An Indian financial year: 1 April to 31 March, by the calendar of Asia/Kolkata.</summary>
/// <param name="StartYear">Year of its first day: 2025 for FY2025-26.</param>
public readonly record struct FinancialYear(int StartYear)
{
    private static readonly TimeSpan India = new(5, 30, 0);

    /// <summary>Its last day.</summary>
    public DateOnly End => new(StartYear + 1, 3, 31);

    /// <summary>Due date of its GST annual return: 31 December after it (CGST Rules, rule 80).</summary>
    public DateOnly GstAnnualReturnDue => new(StartYear + 1, 12, 31);

    /// <summary>The year that a day is in.</summary>
    public static FinancialYear Of(DateOnly day) => new(day.Month >= 4 ? day.Year : day.Year - 1);

    /// <summary>The day in India that an instant is on.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(India).DateTime);

    /// <summary><c>FY2025-26</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"FY{StartYear}-{(StartYear + 1) % 100:00}");
}
