using Compliance.Retention;

namespace ControlPlane.Api.Audit.Retention;

/// <summary>How long entries of the log are kept, and what there is of each class.</summary>
public sealed record RetentionReport
{
    /// <summary>The classes.</summary>
    public required IReadOnlyList<ClassRetention> Classes { get; init; }

    /// <summary>Entries of the log, pruned ones with them.</summary>
    public required long Size { get; init; }

    /// <summary>Entries before this index are pruned.</summary>
    public required long PrunedTo { get; init; }

    /// <summary>The first entry that is missing although it was not pruned; null when all are there.</summary>
    public long? Missing { get; init; }

    /// <summary>How many legal holds stand.</summary>
    public required int StandingHolds { get; init; }

    /// <summary>What would be pruned today, and what stands in the way of more; null while an entry is missing.</summary>
    public PruneView? Next { get; init; }

    /// <summary>The newest prunes, the newest first.</summary>
    public required IReadOnlyList<PastPrune> Past { get; init; }
}

/// <summary>A retention class.</summary>
/// <param name="Name">Its name, as entries carry it.</param>
/// <param name="Entries">How many entries there are of it.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Oldest">When the oldest was recorded (UTC); null when there is none.</param>
/// <param name="OldestUntil">Last day in India on which the oldest must still be there; null when there is none, or no rule speaks of the class.</param>
/// <param name="LongestRule">Id of the rule that keeps an entry of today longest; null when no rule speaks of the class: then entries are kept for ever.</param>
/// <param name="Until">Last day on which an entry of today must still be there; null likewise.</param>
/// <param name="PersonalDataUntil">Last day on which the personal data of an entry of today are kept although their person wants them erased; null when nothing keeps them.</param>
/// <param name="Rules">The rules that speak of it, those that are not in force yet with them.</param>
public sealed record ClassRetention(
    string Name,
    long Entries,
    long Bytes,
    DateTimeOffset? Oldest,
    DateOnly? OldestUntil,
    string? LongestRule,
    DateOnly? Until,
    DateOnly? PersonalDataUntil,
    IReadOnlyList<RuleView> Rules);

/// <summary>A rule, as people read it.</summary>
/// <param name="Id">Its name here.</param>
/// <param name="Citation">Where it stands.</param>
/// <param name="Period">How long, and from when on, in words.</param>
/// <param name="KeepsPersonalData">True when it wants the personal data of the class kept as well.</param>
/// <param name="EffectiveFrom">First day that it is in force.</param>
/// <param name="EffectiveTo">Last day; null for as long as nobody changes it.</param>
/// <param name="IsInForce">True when it is in force today.</param>
public sealed record RuleView(string Id, string Citation, string Period, bool KeepsPersonalData, DateOnly EffectiveFrom, DateOnly? EffectiveTo, bool IsInForce)
{
    internal static RuleView Of(RetentionRule rule, string retentionClass, DateOnly today) => new(
        rule.Id,
        rule.Citation,
        $"{Words(rule.Period)} {FromWhen(rule.Counted)}",
        rule.PersonalData.Contains(retentionClass),
        rule.EffectiveFrom,
        rule.EffectiveTo,
        rule.EffectiveFrom <= today && (rule.EffectiveTo is null || rule.EffectiveTo >= today));

    private static string Words(RetentionPeriod period) => string.Join(
        ", ",
        ((int Count, string One, string Many)[])[(period.FinancialYears, "financial year", "financial years"), (period.Years, "year", "years"), (period.Months, "month", "months"), (period.Days, "day", "days")]
            is { } parts ? parts.Where(part => part.Count > 0).Select(part => FormattableString.Invariant($"{part.Count} {(part.Count == 1 ? part.One : part.Many)}")) : []);

    private static string FromWhen(RetentionStart start) => start switch
    {
        RetentionStart.FinancialYearEnd => "from the end of its financial year",
        RetentionStart.GstAnnualReturn => "from the due date of the GST annual return of its year",
        _ => "from the event",
    };
}

/// <summary>What would be pruned today.</summary>
/// <param name="From">First entry that is there.</param>
/// <param name="End">Entry after the last that would go; the same as <paramref name="From"/> when none would.</param>
/// <param name="Goes">What would go, by class and rule.</param>
/// <param name="Stop">The first entry that must stay, and why; null when the time of all is over.</param>
/// <param name="NextOn">The day in India from which the next 256 entries may go; null when nobody can say.</param>
public sealed record PruneView(long From, long End, IReadOnlyList<PrunedClass> Goes, PruneStop? Stop, DateOnly? NextOn)
{
    /// <summary>How many entries would go.</summary>
    public long Entries => End - From;

    internal static PruneView Of(PrunePlan plan) => new(plan.From, plan.Certificate?.End ?? plan.From, plan.Goes, plan.Stop, plan.NextOn);
}

/// <summary>A prune that was done.</summary>
/// <param name="Entry">Index of its certificate.</param>
/// <param name="At">When (UTC).</param>
/// <param name="By">Opaque id of who ran it; <c>dabbawala</c> for the daily job.</param>
/// <param name="From">First entry that went.</param>
/// <param name="End">Entry after the last that went.</param>
/// <param name="Reason">Why.</param>
public sealed record PastPrune(long Entry, DateTimeOffset At, string By, long From, long End, string Reason);
