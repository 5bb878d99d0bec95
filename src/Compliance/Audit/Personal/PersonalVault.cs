using System.Text.Json.Nodes;

namespace Compliance.Audit.Personal;

/// <summary>Reveals and erases personal data. An erasure is on record before it happens and after.</summary>
public sealed class PersonalVault(PersonalRecords records, IAuditLog log, TimeProvider time) : IPersonalVault
{
    /// <summary>Action of the entries that record an erasure.</summary>
    public const string EraseAction = "personal.erase";

    /// <inheritdoc/>
    public Task<string?> RevealAsync(CommitmentReference commitment, CancellationToken cancellationToken) => records.RevealAsync(commitment, cancellationToken);

    /// <inheritdoc/>
    public async Task<int> EraseAsync(string subject, AuditActor actor, string reason, CancellationToken cancellationToken)
    {
        var correlation = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        await RecordAsync(AuditOutcome.Attempted, null);
        var erased = await records.EraseAsync(subject, cancellationToken);
        await RecordAsync(AuditOutcome.Succeeded, new JsonObject { ["data"] = erased });
        return erased;

        Task RecordAsync(AuditOutcome outcome, JsonObject? details) => log.AppendAsync(
            [
                new AuditEvent
                {
                    Id = Guid.CreateVersion7(time.GetUtcNow()),
                    Source = "personal-vault",
                    OccurredAt = time.GetUtcNow(),
                    Actor = actor,
                    Action = EraseAction,
                    Object = new AuditObject("Subject", "", subject),
                    Outcome = outcome,
                    Reason = reason,
                    CorrelationId = correlation,
                    Frameworks = ["DPDP"],
                    RetentionClass = "privacy",
                    Details = details,
                },
            ],
            cancellationToken);
    }
}
