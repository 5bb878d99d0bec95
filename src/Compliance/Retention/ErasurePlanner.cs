using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;

namespace Compliance.Retention;

/// <summary>
/// Says which data of a person can be erased, by looking through the whole log for entries that commit to them: the class of an entry says which
/// laws want its personal data kept, and a legal hold on the entry keeps them too.
/// </summary>
public sealed class ErasurePlanner(IAuditReader reader, RetentionLedger ledger, IPersonalVault vault, RetentionPolicy policy, TimeProvider time)
{
    /// <summary>What could be erased now.</summary>
    /// <param name="subject">Opaque id of the person.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    /// <exception cref="RetentionException">Entries are missing that were not pruned: a hold may be among them.</exception>
    public async Task<ErasurePlan> PlanAsync(string subject, CancellationToken cancellationToken) =>
        await PlanAsync(subject, await vault.DigestsAsync(subject, cancellationToken), before: long.MaxValue, cancellationToken);

    /// <summary>What could be erased now of some data.</summary>
    /// <param name="subject">Opaque id of the person.</param>
    /// <param name="data">Digests of the data, in hexadecimal.</param>
    /// <param name="before">Only data of entries before this index go: those after it are none of the request's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<ErasurePlan> PlanAsync(string subject, IReadOnlySet<string> data, long before, CancellationToken cancellationToken)
    {
        var count = await ledger.ReadAsync(cancellationToken);
        if (count.Missing is { } missing)
        {
            throw new RetentionException($"entry {missing} of the log is missing although it was not pruned: nothing is erased until somebody has looked into that");
        }

        var (standing, today) = (count.Standing, FinancialYear.DayOf(time.GetUtcNow()));
        var tally = new ErasureTally(subject, data);
        byte[] mark = [.. "\"subject\":"u8, .. CanonicalJson.Serialize(JsonValue.Create(subject))];
        await foreach (var entry in reader.ReadAsync(count.From, long.MaxValue, cancellationToken))
        {
            if (entry.Bytes.Span.IndexOf(mark) < 0 || AuditEntryReader.TryRead(entry.Bytes) is not { } record)
            {
                continue;
            }

            var keeper = KeeperOf(entry.Index, record, standing, today);
            foreach (var commitment in record.Commitments.Where(commitment => commitment.Subject == subject && data.Contains(commitment.Digest)))
            {
                if (entry.Index >= before)
                {
                    tally.PassOver(commitment);
                }
                else if (keeper is null)
                {
                    tally.Erase(commitment);
                }
                else
                {
                    tally.Keep(commitment, entry.Index, keeper);
                }
            }
        }

        return tally.ToPlan();
    }

    /// <summary>What keeps the personal data of an entry; null when nothing does. A hold comes first: its end is nobody's to foresee.</summary>
    private DataKeeper? KeeperOf(long index, AuditEntryRecord record, IReadOnlyList<LegalHold> standing, DateOnly today)
    {
        if (standing.FirstOrDefault(hold => hold.Keeps(index, record)) is { } hold)
        {
            return new DataKeeper(null, null, hold.Reference);
        }

        var decision = policy.DecidePersonalData(record.RetentionClass, FinancialYear.DayOf(record.RecordedAt), today);
        return decision.IsOver(today) ? null : new DataKeeper(decision.Winner?.Id, decision.Until, null);
    }
}

/// <summary>What keeps data.</summary>
/// <param name="Rule">The rule; null for a hold, or when no rule speaks of the class.</param>
/// <param name="Until">Last day on which they must still be there; null when nobody knows.</param>
/// <param name="Hold">Reference of the legal hold; null when none does.</param>
internal sealed record DataKeeper(string? Rule, DateOnly? Until, string? Hold);
