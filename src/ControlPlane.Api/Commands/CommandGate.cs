using System.Diagnostics;
using System.Net;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Problems;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Commands;

/// <summary>
/// The one way by which anything that people ask for is changed: who asks is known and allowed, a reason is given where it matters, a second
/// person approves where the policy wants that, and the audit log holds the attempt before, and the outcome after. Where the log takes nothing,
/// nothing is changed (docs/adr/0014).
/// </summary>
public sealed partial class CommandGate(
    Authorizer authorizer, CommandPolicy policy, IAuditLog log, IApprovalDesk approvals, AuditOutbox outbox, TimeProvider time, ILogger<CommandGate> logger)
{
    /// <summary>Field of the problem that an approved command is refused by when it would do something else by now.</summary>
    internal const string PlanField = "plan";

    /// <summary>Runs a command.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="action">Does it, and tells the trace what was before and after.</param>
    /// <param name="cancellationToken">Ends the action; what had begun is recorded all the same.</param>
    /// <exception cref="AccessException">The caller may not.</exception>
    /// <exception cref="RequestException">A reason is missing, or the world moved since the command was approved.</exception>
    /// <exception cref="ApprovalPendingException">Nothing ran: it waits for a second person.</exception>
    /// <exception cref="AuditUnavailableException">Nothing ran: it could not be recorded.</exception>
    public async Task<T> RunAsync<T>(Command command, Func<CommandTrace, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(action);
        var record = new CommandRecord(command, authorizer.Caller, CorrelationId(), time);
        switch (await JudgeAsync(command, cancellationToken))
        {
            case Verdict.Incomplete(var why):
                throw why;

            case Verdict.Refused(var why):
                LogRefused(command.Permission.Name, why.Message);
                await log.AppendAsync(record.Refused(why.Message), cancellationToken);
                throw why;

            case Verdict.Waits(var rule):
                throw new ApprovalPendingException(await approvals.AskAsync(command, rule, record, cancellationToken));

            default:
                await log.AppendAsync(record.Attempted(), cancellationToken);
                return await PerformAsync(record, action, cancellationToken);
        }
    }

    /// <summary>What a command takes of its caller, for a page that is about to offer it.</summary>
    public CommandRequirements RequirementsOf(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return policy.For(command) with { Refusal = RefusalOf(command)?.Message };
    }

    /// <summary>Whether the command may run now, and if not, why not: access first, so that nobody learns the policy who may not use it.</summary>
    private async Task<Verdict> JudgeAsync(Command command, CancellationToken cancellationToken)
    {
        if (RefusalOf(command) is { } refusal)
        {
            return new Verdict.Refused(refusal);
        }

        var rule = policy.For(command);
        if (Reasons.Objection(command.Reason, rule.Reason) is { } objection)
        {
            return new Verdict.Incomplete(objection);
        }

        return command.Approval switch
        {
            null when rule.Approval is { } approval => new Verdict.Waits(approval),
            { } grant when await HasMovedAsync(command, grant, cancellationToken) => new Verdict.Refused(new RequestException(
                HttpStatusCode.Conflict, PlanField, "what the command would do is no longer what was approved: look at it again, and ask again")),
            _ => new Verdict.Allowed(),
        };
    }

    private AccessException? RefusalOf(Command command) =>
        command.Subjects.FirstOrDefault(subject => !authorizer.May(command.Permission, NamespaceOf(subject), subject.Team)) is { } forbidden
            ? new AccessException(authorizer.Caller, command.Permission, NamespaceOf(forbidden))
            : null;

    private static string? NamespaceOf(CommandSubject subject) => subject.Namespace.Length > 0 ? subject.Namespace : null;

    private static async Task<bool> HasMovedAsync(Command command, ApprovalGrant grant, CancellationToken cancellationToken) =>
        command.Plan is not { } plan || (await plan(cancellationToken)).Digest != grant.PlanDigest;

    private async Task<T> PerformAsync<T>(CommandRecord record, Func<CommandTrace, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        var trace = new CommandTrace { CorrelationId = record.CorrelationId };
        try
        {
            var answer = await action(trace, cancellationToken);
            await CloseAsync(record, trace, failure: null);
            return answer;
        }
        catch (Exception e)
        {
            await CloseAsync(record, trace, ProblemDescription.Of(e) is { IsDefect: false } problem ? problem.Detail ?? problem.Title : $"it failed by a defect ({e.GetType().Name})");
            throw;
        }
    }

    /// <summary>
    /// Records the outcome, whoever cancelled what: the attempt is on record and must not stay without one. When the log is away by now, the
    /// outbox keeps the entry until it is back; should the process die before, the attempt stays without outcome, which says just that.
    /// </summary>
    private async Task CloseAsync(CommandRecord record, CommandTrace trace, string? failure)
    {
        var outcome = record.Outcome(trace, failure);
        try
        {
            await log.AppendAsync(outcome, CancellationToken.None);
            LogDone(record.Action, record.CorrelationId, outcome[0].Outcome);
        }
        catch (AuditUnavailableException e)
        {
            LogOutcomeWaits(e, record.Action, record.CorrelationId);
            outbox.Add(outcome);
        }
    }

    private string CorrelationId() =>
        authorizer.Caller.CorrelationId ?? System.Diagnostics.Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();

    [LoggerMessage(Level = LogLevel.Information, Message = "Command {Action} of change {CorrelationId}: {Outcome}")]
    private partial void LogDone(string action, string correlationId, AuditOutcome outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Command {Action} was refused: {Problem}")]
    private partial void LogRefused(string action, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outcome of command {Action} of change {CorrelationId} can't be recorded yet; it is kept and tried again")]
    private partial void LogOutcomeWaits(Exception exception, string action, string correlationId);

    /// <summary>What becomes of a command.</summary>
    private abstract record Verdict
    {
        /// <summary>It may run.</summary>
        public sealed record Allowed : Verdict;

        /// <summary>The caller forgot something; nobody was refused anything.</summary>
        public sealed record Incomplete(RequestException Why) : Verdict;

        /// <summary>It may not run, and that is on record.</summary>
        public sealed record Refused(Exception Why) : Verdict;

        /// <summary>A second person decides.</summary>
        public sealed record Waits(ApprovalRule Rule) : Verdict;
    }
}
