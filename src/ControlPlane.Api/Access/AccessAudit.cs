using Compliance.Audit;

namespace ControlPlane.Api.Access;

/// <summary>
/// Puts sign-ins, failures and sign-outs on record. What people change goes through the CommandGate instead, which records it. Names and
/// addresses go as personal data, which the log keeps apart.
/// </summary>
public sealed class AccessAudit(IAuditLog log, TimeProvider time)
{
    /// <summary>Records something; when it returns, it is on disk.</summary>
    /// <param name="action">What, as <c>noun.verb</c>.</param>
    /// <param name="actor">Who.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="object">To what.</param>
    /// <param name="reason">Why it was refused, in one word; null when it was not.</param>
    /// <param name="from">From where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuditUnavailableException">It can't be put on record, so it must not be done.</exception>
    public Task RecordAsync(
        string action, AuditActor actor, AuditOutcome outcome, AuditObject? @object, string? reason, Visitor from, CancellationToken cancellationToken) =>
        log.AppendAsync(
            [
                new AuditEvent
                {
                    Id = Guid.CreateVersion7(time.GetUtcNow()),
                    Source = "console",
                    OccurredAt = time.GetUtcNow(),
                    Actor = actor,
                    Action = action,
                    Object = @object,
                    Outcome = outcome,
                    Reason = reason,
                    CorrelationId = from.CorrelationId,
                    Frameworks = ["CERT-In", "PCI-DSS"],
                    PersonalData =
                    [
                        new(actor.Kind == AuditActorKind.Anonymous ? "nobody" : actor.Id, "actor.address", from.Address),
                        new(actor.Kind == AuditActorKind.Anonymous ? "nobody" : actor.Id, "actor.agent", from.Agent),
                    ],
                },
            ],
            cancellationToken);

    /// <summary>The actor that a caller is.</summary>
    public static AuditActor ActorOf(Caller caller) => new(
        caller.Kind switch
        {
            CallerKind.Person => AuditActorKind.Person,
            CallerKind.Token => AuditActorKind.Token,
            CallerKind.ServiceAccount => AuditActorKind.Workload,
            CallerKind.System => AuditActorKind.System,
            _ => AuditActorKind.Anonymous,
        },
        caller.Id,
        caller.Via);
}
