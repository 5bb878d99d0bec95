namespace Compliance.Retention;

/// <summary>How long a law or scheme wants records of some classes kept.</summary>
public sealed record RetentionRule
{
    /// <summary>Its name here.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Citation { get; init; }

    /// <summary>Classes that it is about.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Of these classes, it wants the personal data of records kept as long as the records: they are among <see cref="Classes"/>.</summary>
    public IReadOnlyList<string> PersonalData { get; init; } = [];

    /// <summary>
    /// Of these classes, it wants the personal data of records erased, though nobody asks, as soon as no rule wants them kept any longer. They need not be among
    /// <see cref="Classes"/>.
    /// </summary>
    public IReadOnlyList<string> Erases { get; init; } = [];

    /// <summary>How long.</summary>
    public required RetentionPeriod Period { get; init; }

    /// <summary>From when on.</summary>
    public required RetentionStart Counted { get; init; }

    /// <summary>First day that it is in force.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>Last day that it is in force; null for as long as nobody changes it.</summary>
    public DateOnly? EffectiveTo { get; init; }

    /// <summary>The last day on which a record of that day must still be there.</summary>
    public DateOnly KeepUntil(DateOnly recorded)
    {
        var year = FinancialYear.Of(recorded);
        var start = Counted switch
        {
            RetentionStart.FinancialYearEnd => year.End,
            RetentionStart.GstAnnualReturn => year.GstAnnualReturnDue,
            _ => recorded,
        };
        return start.AddYears(Period.Years + Period.FinancialYears).AddMonths(Period.Months).AddDays(Period.Days);
    }

    /// <summary>True when it speaks of records of a class and day, for who decides on another day: in force at some time between the two.</summary>
    public bool AppliesTo(string retentionClass, DateOnly recorded, DateOnly today) =>
        Classes.Contains(retentionClass) && EffectiveFrom <= today && (EffectiveTo is null || EffectiveTo >= recorded);
}

/// <summary>A length of time by the calendar; its parts add up.</summary>
public sealed record RetentionPeriod
{
    /// <summary>Days.</summary>
    public int Days { get; init; }

    /// <summary>Months.</summary>
    public int Months { get; init; }

    /// <summary>Years.</summary>
    public int Years { get; init; }

    /// <summary>Financial years, counted from the end of one.</summary>
    public int FinancialYears { get; init; }
}

/// <summary>From when a period counts.</summary>
public enum RetentionStart
{
    /// <summary>From the event.</summary>
    Event,

    /// <summary>From the end of the financial year of the event.</summary>
    FinancialYearEnd,

    /// <summary>From the due date of the GST annual return of that year.</summary>
    GstAnnualReturn,
}
