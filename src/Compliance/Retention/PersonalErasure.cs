using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Personal;

namespace Compliance.Retention;

/// <summary>A request to erase a person's data.</summary>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Reference">What the request is called elsewhere, without personal data.</param>
/// <param name="Reason">Why.</param>
public sealed record ErasureRequest(string Subject, string Reference, string Reason)
{
    /// <summary>Index of the entry with which it began, of a request that is gone on with; null for a new one.</summary>
    public long? Began { get; init; }
}

/// <summary>
/// Erases what can be erased of a person's data, for good. It is on record before it happens and after, and goes on by itself: what a law or a hold
/// keeps goes when that is over, and what was broken off is done again.
/// </summary>
public sealed class PersonalErasure(
    PersonalRecords records, ErasurePlanner planner, IAuditLog log, IAuditReader reader, IPrunableLog checkable, TimeProvider time)
{
    /// <summary>Certificates looked at in search of what is open.</summary>
    private const int MostLookedAt = 10_000;

    /// <summary>Erases.</summary>
    /// <param name="request">Whose, and why.</param>
    /// <param name="actor">Who runs it.</param>
    /// <param name="correlationId">Ties it to a request; null for none.</param>
    /// <param name="cancellationToken">Ends it, before anything is erased.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="AuditUnavailableException">A store is away.</exception>
    /// <exception cref="RetentionException">The log is not as it was recorded: a hold may be among what was changed.</exception>
    public async Task<ErasureCertificate> EraseAsync(ErasureRequest request, AuditActor actor, string? correlationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await checkable.CheckAsync(cancellationToken) is [var finding, ..])
        {
            throw new RetentionException($"the log is not as it was recorded ({finding}): nothing is erased until somebody has looked into that");
        }

        var data = await records.DigestsAsync(request.Subject, cancellationToken); // before the attempt: what comes later belongs to later entries
        var attempt = await RecordAsync(AuditOutcome.Attempted, ErasureCertificate.AttemptOf(request.Reference, request.Began), cancellationToken);
        var began = request.Began ?? attempt;
        var plan = await planner.PlanAsync(request.Subject, data, began, cancellationToken);
        var erased = plan.Goes.Count == 0 ? 0 : await records.EraseAsync(request.Subject, plan.Goes, CancellationToken.None);
        var index = await RecordAsync(AuditOutcome.Succeeded, ErasureCertificate.DetailsOf(request.Reference, began, erased, plan), CancellationToken.None);
        await foreach (var entry in reader.ReadAsync(index, index + 1, CancellationToken.None))
        {
            return ErasureCertificate.Read(entry)!;
        }

        throw new RetentionException($"the certificate of erasure in entry {index} can't be read back");

        async Task<long> RecordAsync(AuditOutcome outcome, JsonObject details, CancellationToken cancel)
        {
            var now = time.GetUtcNow();
            var item = new AuditEvent
            {
                Id = Guid.CreateVersion7(now),
                Source = ErasureCertificate.Source,
                OccurredAt = now,
                Actor = actor,
                Action = ErasureCertificate.Action,
                Object = new AuditObject(ErasureCertificate.ObjectKind, "", request.Subject),
                Outcome = outcome,
                Reason = request.Reason,
                CorrelationId = correlationId,
                Frameworks = ["DPDP"],
                RetentionClass = "privacy",
                Details = details,
            };
            return (await log.AppendAsync([item], cancel))[0].Index;
        }
    }

    /// <summary>Goes on with requests of which more can be erased today, and with those that were broken off.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="AuditUnavailableException">A store is away.</exception>
    /// <exception cref="RetentionException">The log is not as it was recorded.</exception>
    public async Task<int> GoOnAsync(AuditActor actor, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var newest in await OpenAsync(cancellationToken))
        {
            if (!newest.IsDone || await CanGoOnAsync(newest, cancellationToken))
            {
                await EraseAsync(new ErasureRequest(newest.Subject, newest.Reference, newest.Reason) { Began = newest.Began }, actor, correlationId: null, cancellationToken);
                count++;
            }
        }

        return count;
    }

    /// <summary>Of each request that may not be done, its newest entry.</summary>
    private async Task<IReadOnlyList<ErasureCertificate>> OpenAsync(CancellationToken cancellationToken)
    {
        var entries = await reader.SearchAsync(new AuditQuery { Action = ErasureCertificate.Action, Source = ErasureCertificate.Source }, before: null, MostLookedAt, cancellationToken);
        return
        [
            .. entries.Select(ErasureCertificate.Read).OfType<ErasureCertificate>() // the newest first
                .GroupBy(static certificate => (certificate.Subject, certificate.Reference))
                .Select(static request => request.First())
                .Where(static newest => !newest.IsDone || newest.Kept > 0),
        ];
    }

    private async Task<bool> CanGoOnAsync(ErasureCertificate newest, CancellationToken cancellationToken)
    {
        var data = await records.DigestsAsync(newest.Subject, cancellationToken);
        return (await planner.PlanAsync(newest.Subject, data, newest.Began, cancellationToken)).GoesByField.Count > 0;
    }
}
