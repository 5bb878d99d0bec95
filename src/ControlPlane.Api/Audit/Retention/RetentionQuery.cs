using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Retention;
using ControlPlane.Api.Access;

namespace ControlPlane.Api.Audit.Retention;

/// <summary>Says how long entries are kept because of which rule, what there is of each class, and what may be pruned next and when.</summary>
public sealed class RetentionQuery(RetentionLedger ledger, AuditPruner pruner, IAuditReader reader, RetentionPolicy policy, Authorizer authorizer, TimeProvider time)
{
    private const int PrunesShown = 20;

    /// <summary>The whole report. The first one after a start reads the whole log.</summary>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="AuditUnavailableException">The log's store is away.</exception>
    public async Task<RetentionReport> ReadAsync(CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadRetention);
        var count = await ledger.ReadAsync(cancellationToken);
        var names = policy.Rules.SelectMany(static rule => rule.Classes).Union(count.Classes.Keys).Order(StringComparer.Ordinal);
        return new RetentionReport
        {
            Classes = [.. names.Select(name => Class(name, count.Classes.GetValueOrDefault(name)))],
            Size = count.Size,
            PrunedTo = count.From,
            Missing = count.Missing,
            StandingHolds = count.Standing.Count,
            Next = count.Missing is null ? PruneView.Of(await pruner.PlanAsync(cancellationToken)) : null,
            Past = await PastAsync(cancellationToken),
        };
    }

    private ClassRetention Class(string name, ClassTally? tally)
    {
        var today = FinancialYear.DayOf(time.GetUtcNow());
        var now = policy.Decide(name, today, today);
        var personal = policy.DecidePersonalData(name, today, today);
        return new ClassRetention(
            name,
            tally?.Entries ?? 0,
            tally?.Bytes ?? 0,
            tally?.Oldest,
            tally is null ? null : policy.Decide(name, FinancialYear.DayOf(tally.Oldest), today).Until,
            now.Winner?.Id,
            now.Until,
            personal.Winner is null ? null : personal.Until,
            [.. policy.Rules.Where(rule => rule.Classes.Contains(name)).Select(rule => RuleView.Of(rule, name, today)).OrderBy(rule => rule.EffectiveFrom).ThenBy(rule => rule.Id, StringComparer.Ordinal)]);
    }

    private async Task<IReadOnlyList<PastPrune>> PastAsync(CancellationToken cancellationToken)
    {
        var query = new AuditQuery { Action = PruneCertificate.Action, Source = LegalHold.Source, Outcome = AuditOutcome.Succeeded };
        var entries = await reader.SearchAsync(query, before: null, PrunesShown, cancellationToken);
        return [.. entries.Select(entry => Past(entry.Index, AuditEntryReader.Read(entry.Bytes)))];
    }

    private static PastPrune Past(long index, AuditEntryRecord record) => new(
        index, record.RecordedAt, record.Actor.Id, (long?)record.Details?["from"] ?? 0, (long?)record.Details?["end"] ?? 0, record.Reason ?? "");
}
