using System.Net;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Approvals;

/// <summary>
/// Decides on what waits. Whoever approves is another person than who asked, whichever way either came; the change then runs as who asked, with
/// the rights that person still has, and only while it would do what was approved.
/// </summary>
public sealed class ApprovalDecisions(
    IDbContextFactory<ControlPlaneContext> contexts,
    Authorizer authorizer,
    CallerContext callers,
    IAuditLog log,
    ApprovalDesk desk,
    IEnumerable<IApprovableCommand> commands,
    IEnumerable<ICallerDirectory> directories,
    TimeProvider time)
{
    /// <summary>Approves, and runs the change.</summary>
    /// <param name="id">The request.</param>
    /// <param name="words">What to say about it; null for nothing.</param>
    /// <param name="version">Version of the request that was looked at; null for any.</param>
    /// <param name="cancellationToken">Ends it, before the decision is on record.</param>
    /// <exception cref="AccessException">The caller may not decide on it.</exception>
    /// <exception cref="RequestException">There is no such request, or it waits no more.</exception>
    public async Task<ApprovalRequest> ApproveAsync(Guid id, string? words, int? version, CancellationToken cancellationToken)
    {
        var request = await DecideAsync(id, "approve", ApprovalState.Approved, words, version, cancellationToken);
        var (state, problem) = await RunAsync(request);
        return await CloseAsync(request, state, problem);
    }

    /// <summary>Declines.</summary>
    /// <param name="id">The request.</param>
    /// <param name="words">Why.</param>
    /// <param name="version">Version of the request that was looked at; null for any.</param>
    /// <param name="cancellationToken">Ends it, before the decision is on record.</param>
    /// <exception cref="AccessException">The caller may not decide on it.</exception>
    /// <exception cref="RequestException">There is no such request, it waits no more, or no reason was given.</exception>
    public Task<ApprovalRequest> DeclineAsync(Guid id, string? words, int? version, CancellationToken cancellationToken) =>
        Reasons.Objection(words, isWanted: true) is { } objection
            ? throw objection
            : DecideAsync(id, "decline", ApprovalState.Declined, words, version, cancellationToken);

    /// <summary>Takes a request back; only who asked can.</summary>
    /// <exception cref="RequestException">There is no such request of the caller's, or it waits no more.</exception>
    public async Task<ApprovalRequest> WithdrawAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var request = await FindAsync(context, id, cancellationToken);
        if (!IsAsker(request))
        {
            throw Missing();
        }

        CheckWaits(request, version: null);
        await RecordAsync(request, "withdraw", AuditOutcome.Succeeded, words: null, cancellationToken);
        await SaveAsync(context, request, ApprovalState.Withdrawn, words: null);
        return request;
    }

    /// <summary>True when the caller may decide on the request, as far as roles and persons go.</summary>
    public bool MayDecide(ApprovalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Objection(request) is null;
    }

    private async Task<ApprovalRequest> DecideAsync(Guid id, string verb, ApprovalState state, string? words, int? version, CancellationToken cancellationToken)
    {
        if (Reasons.Objection(words, isWanted: false) is { } objection)
        {
            throw objection;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var request = await FindAsync(context, id, cancellationToken);
        if (Objection(request) is { } why)
        {
            await RecordAsync(request, verb, AuditOutcome.Refused, why.Message, cancellationToken);
            throw why;
        }

        CheckWaits(request, version);
        await RecordAsync(request, verb, AuditOutcome.Succeeded, words, cancellationToken);
        await SaveAsync(context, request, state, words);
        return request;
    }

    /// <summary>Why the caller may not decide on a request; null when the caller may.</summary>
    private Exception? Objection(ApprovalRequest request)
    {
        var caller = authorizer.Caller;
        if (request.Subjects.FirstOrDefault(subject => !MayDecide(caller, request, subject)) is { } subject)
        {
            return new AccessException(caller, Permissions.DecideApprovals, subject.Namespace);
        }

        return IsAsker(request) ? Forbidden("somebody else must decide: you asked for it yourself")
            : caller.PersonId is null ? Forbidden("a person must decide, not a service")
            : null;
    }

    private bool MayDecide(Caller caller, ApprovalRequest request, CommandSubject subject)
    {
        var ns = subject.Namespace.Length > 0 ? subject.Namespace : null;
        return authorizer.May(Permissions.DecideApprovals, ns, subject.Team)
            && request.DecidedByRoles.All(group => caller.Grants.Any(grant =>
                group.Contains(grant.Role) && (grant.Namespace is null || grant.Namespace == ns) && (grant.Team is null || grant.Team == subject.Team)));
    }

    private bool IsAsker(ApprovalRequest request) =>
        authorizer.Caller.Id == request.AskedBy.Id
        || (request.AskedBy.PersonId is { } person && authorizer.Caller.PersonId == person);

    private void CheckWaits(ApprovalRequest request, int? version)
    {
        if (request.State != ApprovalState.Pending)
        {
            throw new RequestException(HttpStatusCode.Conflict, "state", $"it waits no more: it was {Words(request.State)}");
        }

        if (request.ExpiresAt <= time.GetUtcNow())
        {
            throw new RequestException(HttpStatusCode.Conflict, "state", "it waits no more: nobody decided in time");
        }

        if (version is { } seen && seen != request.Version)
        {
            throw new RequestException(HttpStatusCode.PreconditionFailed, "If-Match", "it was changed since you looked at it");
        }
    }

    /// <summary>Runs the change as who asked, in a flow of its own: whoever approved is the caller again afterwards.</summary>
    private async Task<(ApprovalState State, string? Problem)> RunAsync(ApprovalRequest request)
    {
        var command = commands.First(command => command.Action == request.Action);
        var grant = new ApprovalGrant(request.Id, request.DecidedBy!, request.Plan.Digest);
        try
        {
            callers.Become(await AskerAsync(request));
            var problem = await command.RunApprovedAsync(request.Change, request.Reason, grant, CancellationToken.None);
            return (problem is null ? ApprovalState.Done : ApprovalState.Failed, problem);
        }
        catch (RequestException e) when (e.Field == CommandGate.PlanField)
        {
            return (ApprovalState.Overtaken, e.Message);
        }
        catch (Exception e) when (ProblemDescription.Of(e) is { IsDefect: false } problem)
        {
            return (ApprovalState.Failed, problem.Detail ?? problem.Title);
        }
    }

    /// <summary>Who asked, with no more rights than then, and no more than now.</summary>
    private async Task<Caller> AskerAsync(ApprovalRequest request)
    {
        var asker = request.AskedBy;
        var then = new Caller
        {
            Kind = asker.Kind,
            Id = asker.Id,
            OwnerId = asker.PersonId == asker.Id ? null : asker.PersonId,
            DisplayName = asker.Id,
            Grants = asker.Grants,
            Via = asker.Via,
            CorrelationId = request.CorrelationId,
        };
        foreach (var directory in directories)
        {
            var now = await directory.GrantsOfAsync(then, CancellationToken.None);
            then = then with { Grants = [.. then.Grants.Where(grant => now.Any(held => held.Covers(grant)))] };
        }

        return then;
    }

    private async Task<ApprovalRequest> CloseAsync(ApprovalRequest decided, ApprovalState state, string? problem)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        var request = await FindAsync(context, decided.Id, CancellationToken.None);
        (request.State, request.Problem) = (state, problem);
        request.Version++;
        await context.SaveChangesAsync(CancellationToken.None);
        desk.Changes.Publish(request.Id);
        return request;
    }

    /// <summary>The entry first, then the decision: one that is not on record can't exist.</summary>
    private async Task RecordAsync(ApprovalRequest request, string verb, AuditOutcome outcome, string? words, CancellationToken cancellationToken)
    {
        var (now, caller) = (time.GetUtcNow(), authorizer.Caller);
        var details = new JsonObject { ["decision"] = verb, ["action"] = request.Action, ["askedBy"] = request.AskedBy.Id };
        await log.AppendAsync(
            [
                new AuditEvent
                {
                    Id = Guid.CreateVersion7(now),
                    Source = CommandRecord.Source,
                    OccurredAt = now,
                    Actor = AccessAudit.ActorOf(caller),
                    Action = $"approvals.{verb}",
                    Object = new("Approval", request.Subjects[0].Namespace, request.Id.ToString()),
                    Outcome = outcome,
                    Reason = string.IsNullOrEmpty(words) ? null : words,
                    CorrelationId = request.CorrelationId,
                    Frameworks = request.Subjects[0].Frameworks,
                    Details = details,
                    PersonalData = CallerData.AddressOf(caller),
                },
            ],
            cancellationToken);
    }

    private async Task SaveAsync(ControlPlaneContext context, ApprovalRequest request, ApprovalState state, string? words)
    {
        var caller = authorizer.Caller;
        (request.State, request.DecidedBy) = (state, caller.Id);
        (request.DecidedAt, request.Words) = (time.GetUtcNow(), words);
        request.Version++;
        try
        {
            await context.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RequestException(HttpStatusCode.Conflict, "state", "somebody else decided at the same time: look at it again");
        }

        desk.Changes.Publish(request.Id);
    }

    private static async Task<ApprovalRequest> FindAsync(ControlPlaneContext context, Guid id, CancellationToken cancellationToken) =>
        await context.Set<ApprovalRequest>().FirstOrDefaultAsync(request => request.Id == id, cancellationToken) ?? throw Missing();

    private static RequestException Missing() => new(HttpStatusCode.NotFound, "id", "there is no such request for approval");

    private static RequestException Forbidden(string message) => new(HttpStatusCode.Forbidden, "caller", message);

    private static string Words(ApprovalState state) => state switch
    {
        ApprovalState.Withdrawn => "withdrawn",
        ApprovalState.Declined => "declined",
        ApprovalState.Expired => "left to expire",
        _ => "approved",
    };
}
