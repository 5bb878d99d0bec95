using System.Globalization;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Audit.Tree;

namespace Compliance.Retention;

/// <summary>
/// Removes the oldest entries of a log whose time is over, and the personal data that belong to them. It stops at the first entry that must stay, and
/// removes whole tiles of entries only, so that every proof goes on to verify. A log that is not as it was recorded is left as it is.
/// </summary>
public sealed class AuditPruner(
    IAuditLog log, IAuditReader reader, IPrunableLog prunable, RetentionLedger ledger, PersonalRecords personal, RetentionPolicy policy, TimeProvider time)
{
    /// <summary>What could go today.</summary>
    /// <exception cref="AuditUnavailableException">The store is away.</exception>
    /// <exception cref="RetentionException">Entries are missing that were not pruned.</exception>
    public async Task<PrunePlan> PlanAsync(CancellationToken cancellationToken)
    {
        var count = await ledger.ReadAsync(cancellationToken);
        if (count.Missing is { } missing)
        {
            throw new RetentionException($"entry {missing} of the log is missing although it was not pruned: nothing is removed until somebody has looked into that");
        }

        var today = FinancialYear.DayOf(time.GetUtcNow());
        var standing = count.Standing;
        var (from, end, next) = (count.From, count.From, count.From);
        var (whole, tile) = (new PruneTally(), new PruneTally());
        PruneStop? stop = null;
        DateOnly? free = DateOnly.MinValue, nextOn = null;
        await foreach (var entry in reader.ReadAsync(from, prunable.SignedSize, cancellationToken))
        {
            if (entry.Index != next++)
            {
                throw new RetentionException($"entry {next - 1} of the log is not there any more: another process prunes it, or somebody removed it; look again");
            }

            var facts = RetentionFacts.Read(entry.Bytes.Span) ?? default;
            var decision = policy.Decide(facts.Class ?? "", facts.Day, today);
            var holds = HoldsOn(entry, standing);
            free = Later(free, holds.Count > 0 ? null : decision.Until);
            if (stop is null && (holds.Count > 0 || !decision.IsOver(today)))
            {
                stop = new PruneStop(entry.Index, facts.Class ?? "", facts.RecordedAt, decision.Until, decision.Winner?.Id, holds);
            }

            if (stop is null)
            {
                tile.Add(facts, decision.Winner!.Id, entry.Bytes.Length);
            }

            if ((entry.Index + 1) % TreeEdge.TileWidth != 0)
            {
                continue;
            }

            if (stop is not null)
            {
                nextOn = free?.AddDays(1);
                break;
            }

            whole.TakeOver(tile);
            (end, free) = (entry.Index + 1, DateOnly.MinValue);
        }

        return new PrunePlan
        {
            From = from,
            Certificate = end == from ? null : new PruneCertificate(from, end, await RootAsync(end, cancellationToken), whole.ByRule),
            Goes = whole.Classes,
            Stop = stop,
            NextOn = nextOn,
        };
    }

    /// <summary>Records the certificate and removes what it names.</summary>
    /// <param name="expected">What was looked at: should anything else go by now, nothing does. Null for whatever may go.</param>
    /// <param name="actor">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="correlationId">Ties it to the request; null for none.</param>
    /// <param name="cancellationToken">Ends it, before anything is removed.</param>
    /// <returns>The certificate and its entry; null when nothing could go.</returns>
    /// <exception cref="RetentionException">The log is not as it was recorded, a hold was placed meanwhile, or something else would go than was expected.</exception>
    public async Task<(PruneCertificate Certificate, AuditReceipt Entry)?> PruneAsync(
        PruneCertificate? expected, AuditActor actor, string reason, string? correlationId, CancellationToken cancellationToken)
    {
        if ((await PlanAsync(cancellationToken)).Certificate is not { } certificate)
        {
            return null;
        }

        if (expected is not null && (expected.From, expected.End, expected.Root) != (certificate.From, certificate.End, certificate.Root))
        {
            throw new RetentionException("other entries would go than were looked at: look again");
        }

        if (await prunable.CheckAsync(cancellationToken) is [var finding, ..])
        {
            throw new RetentionException($"the log is not as it was recorded ({finding}): nothing is removed from it until somebody has looked into that");
        }

        var receipt = (await log.AppendAsync([certificate.ToEvent(actor, reason, time.GetUtcNow()) with { CorrelationId = correlationId }], cancellationToken))[0];
        await RefuseIfHeldAsync(certificate, receipt.Index, actor, correlationId);
        await ForgetPersonalDataAsync(certificate, CancellationToken.None);
        await prunable.PruneAsync(certificate.End, receipt.Index, CancellationToken.None);
        return (certificate, receipt);
    }

    /// <summary>A hold that was placed while the certificate was being recorded holds: the certificate is void, and an entry says so.</summary>
    private async Task RefuseIfHeldAsync(PruneCertificate certificate, long index, AuditActor actor, string? correlationId)
    {
        await prunable.RefreshAsync(CancellationToken.None);
        if (prunable.PrunedTo >= certificate.End || (await PlanAsync(CancellationToken.None)).Certificate?.End >= certificate.End)
        {
            return; // or another process has removed the same by a certificate of its own
        }

        var reason = string.Create(CultureInfo.InvariantCulture, $"a legal hold was placed while the certificate in entry {index} was recorded: it is void, and nothing was removed");
        var details = new JsonObject { ["certificate"] = index };
        await log.AppendAsync(
            [certificate.ToEvent(actor, reason, time.GetUtcNow()) with { CorrelationId = correlationId, Outcome = AuditOutcome.Failed, Details = details }], CancellationToken.None);
        throw new RetentionException(reason);
    }

    /// <summary>What entries commit to goes with them: nobody could be shown it, or find it to be erased, once they are gone.</summary>
    private async Task ForgetPersonalDataAsync(PruneCertificate certificate, CancellationToken cancellationToken)
    {
        const int AtOnce = 1000;
        List<CommitmentReference> data = [];
        await foreach (var entry in reader.ReadAsync(certificate.From, certificate.End, cancellationToken))
        {
            data.AddRange((AuditEntryReader.TryRead(entry.Bytes)?.Commitments ?? []).Select(static c => new CommitmentReference(c.Subject, c.Field, c.Digest)));
            if (data.Count >= AtOnce)
            {
                await personal.ForgetAsync(data, cancellationToken);
                data.Clear();
            }
        }

        await personal.ForgetAsync(data, cancellationToken);
    }

    /// <summary>The later of two days; none when there is none of either, because nobody knows it.</summary>
    private static DateOnly? Later(DateOnly? one, DateOnly? other) => one is null || other is null ? null : one > other ? one : other;

    private static IReadOnlyList<string> HoldsOn(AuditEntry entry, IReadOnlyList<LegalHold> standing) =>
        standing.Count > 0 && AuditEntryReader.TryRead(entry.Bytes) is { } record
            ? [.. standing.Where(hold => hold.Keeps(entry.Index, record)).Select(static hold => hold.Reference)]
            : [];

    private async Task<TreeHash> RootAsync(long end, CancellationToken cancellationToken)
    {
        var tree = new TreeEdge();
        for (var tile = 0L; tile < end / TreeEdge.TileWidth; tile++)
        {
            foreach (var leaf in TreeEdge.Split((await reader.ReadTileAsync(0, tile, TreeEdge.TileWidth, cancellationToken)).Span))
            {
                tree.Append(leaf, []);
            }
        }

        return tree.Root();
    }
}
