namespace Compliance.Retention;

/// <summary>Decides how long a record is kept: as long as the longest rule of its class asks.</summary>
/// <param name="rules">The rules.</param>
public sealed class RetentionPolicy(IReadOnlyList<RetentionRule> rules)
{
    /// <summary>The rules.</summary>
    public IReadOnlyList<RetentionRule> Rules { get; } = rules;

    /// <summary>How long a record is kept, and by which rule.</summary>
    /// <param name="retentionClass">Its class.</param>
    /// <param name="recorded">The day in India of its event.</param>
    /// <param name="today">The day of the decision: rules that came into force since the event count too.</param>
    /// <returns>The decision; for a class that no rule speaks of, one without an end: nothing is removed by mistake.</returns>
    public RetentionDecision Decide(string retentionClass, DateOnly recorded, DateOnly today)
    {
        var bids = Bids(retentionClass, recorded, today);
        return bids.Count == 0 ? new RetentionDecision(null, null, []) : new RetentionDecision(bids[0].Until, bids[0].Rule, bids);
    }

    /// <summary>
    /// How long the personal data that belong to a record are kept although their person wants them erased (DPDP Act 2023, s.12(3): unless a law wants
    /// them kept), and by which rule.
    /// </summary>
    /// <param name="retentionClass">Class of the record.</param>
    /// <param name="recorded">The day in India of its event.</param>
    /// <param name="today">The day of the decision.</param>
    /// <returns>The decision: one that is over where rules speak of the record but none of its personal data; one without an end where no rule speaks of it.</returns>
    public RetentionDecision DecidePersonalData(string retentionClass, DateOnly recorded, DateOnly today)
    {
        var all = Bids(retentionClass, recorded, today);
        var bids = all.FindAll(bid => bid.Rule.PersonalData.Contains(retentionClass));
        return all.Count == 0 ? new RetentionDecision(null, null, [])
            : bids.Count == 0 ? new RetentionDecision(DateOnly.MinValue, null, [])
            : new RetentionDecision(bids[0].Until, bids[0].Rule, bids);
    }

    /// <summary>
    /// The rule by which the personal data that belong to a record go although nobody asks (DPDP Rules 2025, rule 8(3)): no rule wants them kept any longer. Null
    /// while one does, while no rule erases such data, and where no rule ever wanted them: then nobody can say when their time is over.
    /// </summary>
    /// <param name="retentionClass">Class of the record.</param>
    /// <param name="recorded">The day in India of its event.</param>
    /// <param name="today">The day of the decision.</param>
    public RetentionRule? ErasingRule(string retentionClass, DateOnly recorded, DateOnly today)
    {
        var decision = DecidePersonalData(retentionClass, recorded, today);
        return decision.Winner is not null && decision.IsOver(today)
            ? Rules.FirstOrDefault(rule => rule.Erases.Contains(retentionClass) && rule.EffectiveFrom <= today && !(rule.EffectiveTo < today))
            : null;
    }

    private List<RetentionBid> Bids(string retentionClass, DateOnly recorded, DateOnly today) =>
    [
        .. Rules.Where(rule => rule.AppliesTo(retentionClass, recorded, today))
            .Select(rule => new RetentionBid(rule, rule.KeepUntil(recorded)))
            .OrderByDescending(static bid => bid.Until)
            .ThenBy(static bid => bid.Rule.Id, StringComparer.Ordinal),
    ];
}

/// <summary>What a rule asks for a record.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Until">Last day on which the record must still be there.</param>
public sealed record RetentionBid(RetentionRule Rule, DateOnly Until);

/// <summary>How long a record is kept.</summary>
/// <param name="Until">Last day on which it must still be there; null when nobody knows, and it stays.</param>
/// <param name="Winner">The rule that asks for most; null when none applies.</param>
/// <param name="Bids">What each rule asks, the longest first.</param>
public sealed record RetentionDecision(DateOnly? Until, RetentionRule? Winner, IReadOnlyList<RetentionBid> Bids)
{
    /// <summary>True when the record may go.</summary>
    public bool IsOver(DateOnly today) => Until < today;
}
