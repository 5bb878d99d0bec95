using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;

namespace Compliance.Retention;

/// <summary>
/// Erases personal data whose time is over, though nobody asks: no rule wants them kept any longer, and no hold keeps them. Entries stay and go on to
/// verify. It is on record before it happens and after; what was broken off is done by the next run.
/// </summary>
public sealed class PersonalExpiry(
    PersonalRecords records, IAuditLog log, IAuditReader reader, IPrunableLog checkable, RetentionLedger ledger, RetentionPolicy policy, TimeProvider time)
{
    /// <summary>Data of one certificate, so that a long neglected log needs no more memory than another.</summary>
    private const int MostAtOnce = 10_000;

    /// <summary>Erases what is over its time.</summary>
    /// <param name="actor">Who runs it.</param>
    /// <param name="cancellationToken">Ends it, before anything is erased.</param>
    /// <returns>How many data went.</returns>
    /// <exception cref="AuditUnavailableException">A store is away.</exception>
    /// <exception cref="RetentionException">The log is not as it was recorded: a hold may be among what was changed.</exception>
    public async Task<long> RunAsync(AuditActor actor, CancellationToken cancellationToken)
    {
        var erased = 0L;
        while (await FindAsync(cancellationToken) is { Count: > 0 } found)
        {
            erased += await EraseAsync(found, actor, cancellationToken);
        }

        return erased;
    }

    private async Task<long> EraseAsync(ExpiredData found, AuditActor actor, CancellationToken cancellationToken)
    {
        if (await checkable.CheckAsync(cancellationToken) is [var finding, ..])
        {
            throw new RetentionException($"the log is not as it was recorded ({finding}): nothing is erased until somebody has looked into that");
        }

        var attempt = await RecordAsync(ExpiryCertificate.AttemptOf(found, actor, time.GetUtcNow()), cancellationToken);
        found.Intersect(await FindAsync(cancellationToken)); // a hold that was placed in between holds
        var erased = 0L;
        foreach (var (subject, digests) in found.BySubject)
        {
            erased += await records.EraseAsync(subject, digests, CancellationToken.None);
        }

        await RecordAsync(ExpiryCertificate.Of(found, erased, attempt, actor, time.GetUtcNow()), CancellationToken.None);
        return erased;
    }

    private async Task<long> RecordAsync(AuditEvent item, CancellationToken cancellationToken) => (await log.AppendAsync([item], cancellationToken))[0].Index;

    /// <summary>What is over its time and still there, from the oldest entry on.</summary>
    private async Task<ExpiredData> FindAsync(CancellationToken cancellationToken)
    {
        var count = await ledger.ReadAsync(cancellationToken);
        if (count.Missing is { } missing)
        {
            throw new RetentionException($"entry {missing} of the log is missing although it was not pruned: nothing is erased until somebody has looked into that");
        }

        var (standing, today) = (count.Standing, FinancialYear.DayOf(time.GetUtcNow()));
        var (there, found) = (new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal), new ExpiredData());
        await foreach (var entry in reader.ReadAsync(count.From, count.Size, cancellationToken))
        {
            if (entry.Bytes.Span.IndexOf("\"commitments\":["u8) < 0 || AuditEntryReader.TryRead(entry.Bytes) is not { Commitments.Count: > 0 } record
                || policy.ErasingRule(record.RetentionClass, FinancialYear.DayOf(record.RecordedAt), today) is not { } rule
                || standing.Any(hold => hold.Keeps(entry.Index, record)))
            {
                continue;
            }

            foreach (var datum in record.Commitments)
            {
                if (!there.TryGetValue(datum.Subject, out var digests))
                {
                    there.Add(datum.Subject, digests = await records.DigestsAsync(datum.Subject, cancellationToken));
                }

                if (digests.Contains(datum.Digest))
                {
                    found.Add(datum, entry.Index, record.RetentionClass, rule.Id);
                }
            }

            if (found.Count >= MostAtOnce)
            {
                break;
            }
        }

        return found;
    }
}
