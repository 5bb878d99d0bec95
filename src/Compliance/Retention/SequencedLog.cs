using Compliance.Audit.SelfChecking;
using Compliance.Audit.Sequencing;

namespace Compliance.Retention;

/// <summary>A log with its sequencer and its store, as what entries are removed from.</summary>
public sealed class SequencedLog(AuditSequencer log, IAuditStore store, TimeProvider time) : IPrunableLog
{
    /// <inheritdoc/>
    public long PrunedTo => log.Position.PrunedTo;

    /// <inheritdoc/>
    public long SignedSize => log.Health.Checkpoint?.Size ?? 0;

    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellationToken) => log.RefreshAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) =>
        (await new LiveCheck(log, store, time).RunAsync(from: 0, static _ => Task.CompletedTask, cancellationToken)).Findings;

    /// <inheritdoc/>
    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => log.PruneAsync(end, certificate, cancellationToken);
}
