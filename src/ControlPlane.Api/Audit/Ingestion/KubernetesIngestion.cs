using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>What came of an audit webhook's request.</summary>
/// <param name="Recorded">Events that are in the log now and were not before.</param>
/// <param name="Duplicates">Events that were in the log before: the API server sends again what was not answered.</param>
/// <param name="Own">Writes of this control plane, which are on record as what they are: commands and reconciles.</param>
/// <param name="Skipped">Events that are no writes, or only bookkeeping.</param>
public sealed record KubernetesIngestionOutcome(int Recorded, int Duplicates, int Own, int Skipped);

/// <summary>
/// Takes what a Kubernetes API server says of the writes that it has answered, so that an edit behind our back is on record too. An API server
/// retries when it hears 429 or a Retry-After, and drops what its own buffer can't hold: the log can't show what never came.
/// </summary>
public sealed class KubernetesIngestion
{
    /// <summary>Bytes of a request: what an API server sends with <c>--audit-webhook-truncate-enabled</c> (10 MiB and some) fits.</summary>
    public const int MostBytes = 12 * 1024 * 1024;

    private readonly Authorizer _authorizer;
    private readonly IAuditLog _log;
    private readonly OwnIdentity _own;
    private readonly KubernetesEntry _entries;

    internal KubernetesIngestion(Authorizer authorizer, IAuditLog log, OwnIdentity own, KubernetesEntry entries) =>
        (_authorizer, _log, _own, _entries) = (authorizer, log, own, entries);

    /// <summary>Takes a request's body.</summary>
    /// <param name="body">An <c>audit.k8s.io/v1 EventList</c> as JSON.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestException">It is no such list.</exception>
    /// <exception cref="AccessException">The caller may not send events of a whole cluster.</exception>
    /// <exception cref="AuditUnavailableException">The log takes nothing now.</exception>
    public async Task<KubernetesIngestionOutcome> TakeAsync(Stream body, CancellationToken cancellationToken) =>
        await TakeAsync(await KubernetesEventList.ReadAsync(body, cancellationToken), cancellationToken);

    /// <summary>Takes a list of events.</summary>
    /// <exception cref="AccessException">The caller may not send events of a whole cluster.</exception>
    /// <exception cref="AuditUnavailableException">The log takes nothing now.</exception>
    internal async Task<KubernetesIngestionOutcome> TakeAsync(KubernetesEventList list, CancellationToken cancellationToken)
    {
        _authorizer.Demand(Permissions.AppendAudit);
        var writes = list.Items.Where(KubernetesWrites.IsOne).ToList();
        var self = writes.Exists(KubernetesWrites.IsUnderOurName) ? await _own.UsernameAsync(cancellationToken) : null;
        var foreign = writes.Where(item => !KubernetesWrites.IsUnderOurName(item) || item.User.Username != self || item.ImpersonatedUser is not null).ToList();
        var receipts = await AppendAsync(foreign, cancellationToken);
        var known = receipts.Count(receipt => receipt.IsDuplicate);
        return new(receipts.Count - known, known, writes.Count - foreign.Count, list.Items.Count - writes.Count);
    }

    private async Task<IReadOnlyList<AuditReceipt>> AppendAsync(List<KubernetesEvent> items, CancellationToken cancellationToken)
    {
        var events = new List<AuditEvent>(items.Count);
        foreach (var item in items)
        {
            events.Add(await _entries.OfAsync(item, cancellationToken));
        }

        while (events.Count > 0)
        {
            try
            {
                return await _log.AppendAsync(events, cancellationToken);
            }
            catch (AuditEventException e)
            {
                // The API server would send it again and again, and all that is in the same batch with it. What can be told of it, is.
                events[e.Position] = KubernetesEntry.Unfit(events[e.Position], e);
            }
        }

        return [];
    }
}
