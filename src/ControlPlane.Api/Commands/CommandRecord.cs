using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Recording;

namespace ControlPlane.Api.Commands;

/// <summary>The entries of a command in the audit log: one for each thing that it changes, so that each thing's history can be read by itself.</summary>
internal sealed class CommandRecord(Command command, Caller caller, string correlationId, TimeProvider time)
{
    /// <summary>Stands for the name of a manifest that has none: it is refused, and that is on record too.</summary>
    private const string Unnamed = "(no name)";

    /// <summary>The control plane, as the log's sources are named.</summary>
    public const string Source = "console";

    private const int LongestProblem = 500;

    public string Action => command.Permission.Name;

    public string CorrelationId => correlationId;

    public IReadOnlyList<AuditEvent> Attempted() => Each(subject => With(subject, AuditOutcome.Attempted, after: subject.Wanted));

    /// <summary>Nobody was allowed to do it, or nobody approves of it.</summary>
    public IReadOnlyList<AuditEvent> Refused(string why) => Each(subject => With(subject, AuditOutcome.Refused, problem: why));

    /// <summary>It waits for a second person.</summary>
    public IReadOnlyList<AuditEvent> Pending(Guid approval) => Each(subject => With(subject, AuditOutcome.Pending, after: subject.Wanted, approval: approval));

    public IReadOnlyList<AuditEvent> Outcome(CommandTrace trace, string? failure) => Each(subject =>
    {
        var seen = trace.Of(subject, failure);
        var outcome = seen.Problem is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        return With(subject, outcome, seen.Before, seen.After, seen.Problem) with { PersonalData = [.. trace.PersonalData] };
    });

    /// <summary>A thing that is named twice, as the old and the new team's, is recorded once.</summary>
    private List<AuditEvent> Each(Func<CommandSubject, AuditEvent> entry) =>
        [.. command.Subjects.DistinctBy(subject => (subject.Kind, subject.Namespace, subject.Name)).Select(entry)];

    private AuditEvent With(
        CommandSubject subject, AuditOutcome outcome, JsonNode? before = null, JsonNode? after = null, string? problem = null, Guid? approval = null)
    {
        var now = time.GetUtcNow();
        return RecordedState.Fit(new AuditEvent
        {
            Id = Guid.CreateVersion7(now),
            Source = Source,
            OccurredAt = now,
            Actor = AccessAudit.ActorOf(caller),
            Action = Action,
            Object = new(subject.Kind, subject.Namespace, subject.Name.Length > 0 ? subject.Name : Unnamed),
            Outcome = outcome,
            Reason = command.Reason ?? (outcome is AuditOutcome.Refused ? problem : null),
            CorrelationId = correlationId,
            Frameworks = subject.Frameworks,
            Before = before,
            After = after,
            Details = Details(problem, approval),
            PersonalData = outcome is AuditOutcome.Succeeded or AuditOutcome.Failed ? [] : CallerData.AddressOf(caller),
        });
    }

    private JsonObject? Details(string? problem, Guid? approval)
    {
        var details = new JsonObject();
        Put("problem", problem is { Length: > LongestProblem } ? $"{problem[..LongestProblem]}…" : problem);
        Put("approval", (approval ?? command.Approval?.Id)?.ToString());
        Put("approvedBy", command.Approval?.ApprovedBy);
        return details.Count > 0 ? details : null;

        void Put(string name, string? value)
        {
            if (value is not null)
            {
                details[name] = value;
            }
        }
    }
}
