using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Tree;

namespace Compliance.Retention;

/// <summary>
/// Removes the oldest entries of a log whose time is over. It stops at the first entry that must stay, and removes whole tiles of entries only, so
/// that every proof goes on to verify.
/// </summary>
public sealed class AuditPruner(AuditSequencer log, IAuditReader reader, RetentionPolicy policy, TimeProvider time)
{
    private const int MostHolds = 10_000;

    /// <summary>What could go today.</summary>
    /// <returns>The certificate for it; null when nothing can go.</returns>
    /// <exception cref="AuditUnavailableException">The store is away, or the log has too many holds to be sure.</exception>
    public async Task<PruneCertificate?> PlanAsync(CancellationToken cancellationToken)
    {
        var today = FinancialYear.DayOf(time.GetUtcNow());
        var from = log.Position.PrunedTo;
        var holds = await HoldsAsync(cancellationToken);
        List<string> rules = [];
        await foreach (var entry in reader.ReadAsync(from, log.Health.Checkpoint?.Size ?? 0, cancellationToken))
        {
            if (AuditEntryReader.TryRead(entry.Bytes) is not { } record
                || policy.Decide(record.RetentionClass, FinancialYear.DayOf(record.RecordedAt), today) is not { Winner: { } winner } decision
                || !decision.IsOver(today)
                || holds.Any(hold => hold.Index == entry.Index || hold.Keeps(record)))
            {
                break;
            }

            rules.Add(winner.Id);
        }

        var end = (from + rules.Count) / TreeEdge.TileWidth * TreeEdge.TileWidth;
        return end <= from
            ? null
            : new PruneCertificate(from, end, await RootAsync(end, cancellationToken), rules.Take((int)(end - from)).CountBy(static rule => rule).ToDictionary(static p => p.Key, static p => (long)p.Value));
    }

    /// <summary>Records the certificate and removes what it names.</summary>
    /// <returns>The certificate's entry; null when nothing could go.</returns>
    public async Task<AuditReceipt?> PruneAsync(AuditActor actor, string reason, CancellationToken cancellationToken)
    {
        if (await PlanAsync(cancellationToken) is not { } certificate)
        {
            return null;
        }

        var receipts = await log.AppendAsync([certificate.ToEvent(actor, reason, time.GetUtcNow())], cancellationToken);
        await log.PruneAsync(certificate.End, receipts[0].Index, cancellationToken);
        return receipts[0];
    }

    /// <summary>The legal holds that stand.</summary>
    public async Task<IReadOnlyList<LegalHold>> HoldsAsync(CancellationToken cancellationToken)
    {
        var placed = await reader.SearchAsync(new AuditQuery { Action = LegalHold.PlaceAction }, null, MostHolds, cancellationToken);
        var released = await reader.SearchAsync(new AuditQuery { Action = LegalHold.ReleaseAction }, null, MostHolds, cancellationToken);
        return placed.Count == MostHolds
            ? throw new AuditUnavailableException($"the log has {MostHolds} legal holds or more: nothing is pruned")
            : LegalHold.Standing([.. placed, .. released]);
    }

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
