using Compliance.Audit.Sequencing;

namespace Compliance.Audit.SelfChecking;

/// <summary>Checks a log that goes on meanwhile: what this process or another one prunes while the check is at it is no finding.</summary>
public sealed class LiveCheck(AuditSequencer log, IAuditStore store, TimeProvider time)
{
    /// <summary>Prunes are rare: who claims another one each time is not believed.</summary>
    private const int MostRuns = 3;

    /// <summary>Checks the entries from an index on; from 0 on, everything.</summary>
    /// <param name="from">First entry; a multiple of 256.</param>
    /// <param name="pause">Awaited between slices, so that the check leaves room for others.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SelfCheckReport> RunAsync(long from, Func<CancellationToken, Task> pause, CancellationToken cancellationToken)
    {
        await log.RefreshAsync(cancellationToken);
        for (var run = 1; ; run++)
        {
            var position = log.Position;
            var report = await new SelfCheck(store, pause).RunAsync(position, from, time.GetUtcNow(), cancellationToken);
            if (report.Findings.Count == 0 || run == MostRuns)
            {
                return report;
            }

            await log.RefreshAsync(cancellationToken);
            if (log.Position.PrunedTo == position.PrunedTo)
            {
                return report;
            }
        }
    }
}
