using System.Net;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Actors;
using ControlPlane.Api.Live;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Approvals;

/// <summary>Which requests a list shows.</summary>
/// <param name="Waiting">True for those that wait, false for those that do not; null for all.</param>
/// <param name="Mine">Only the caller's own.</param>
public sealed record ApprovalFilter(bool? Waiting = null, bool Mine = false);

/// <summary>A page of a list.</summary>
/// <param name="Items">The requests, newest first.</param>
/// <param name="NextCursor">Where the next page begins; null when there is none.</param>
public sealed record ApprovalPage(IReadOnlyList<ApprovalDetails> Items, Guid? NextCursor);

/// <summary>Says what waits for approval, and what became of it: to those who may decide on it, and to those who asked.</summary>
public sealed class ApprovalQuery(
    IDbContextFactory<ControlPlaneContext> contexts, Authorizer authorizer, ApprovalDesk desk, ApprovalDecisions decisions, ActorNames actors, TimeProvider time)
{
    private const int ReadAtOnce = 100;

    /// <summary>Tells readers which requests changed.</summary>
    public ChangeFeed<Guid> Changes => desk.Changes;

    /// <summary>The requests that the caller may see.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only those older than this one; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApprovalPage> ListAsync(ApprovalFilter filter, Guid? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        DemandSomething();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (found, at) = (new List<ApprovalDetails>(), before);
        while (true)
        {
            var page = await PageAsync(context, filter, at, cancellationToken);
            foreach (var request in page.Where(MaySee))
            {
                if (found.Count == limit)
                {
                    return new(await NamedAsync(found, cancellationToken), found[^1].Id);
                }

                found.Add(Details(request));
            }

            if (page.Count < ReadAtOnce)
            {
                return new(await NamedAsync(found, cancellationToken), NextCursor: null);
            }

            at = page[^1].Id;
        }
    }

    /// <summary>One request.</summary>
    /// <exception cref="RequestException">There is none that the caller may see.</exception>
    public async Task<ApprovalDetails> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        DemandSomething();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var request = await context.Set<ApprovalRequest>().AsNoTracking().FirstOrDefaultAsync(request => request.Id == id, cancellationToken);
        return request is not null && MaySee(request) ? (await NamedAsync([Details(request)], cancellationToken))[0] : throw new RequestException(HttpStatusCode.NotFound, "id", "there is no such request for approval");
    }

    /// <summary>The requests with the names of who asked and who decided, as far as the caller may see them.</summary>
    private async Task<IReadOnlyList<ApprovalDetails>> NamedAsync(List<ApprovalDetails> requests, CancellationToken cancellationToken)
    {
        if (!actors.MaySee)
        {
            return requests;
        }

        var ids = requests.SelectMany(static request => new[] { request.AskedBy, request.DecidedBy }).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var names = (await actors.FindAsync(ids, cancellationToken)).ToDictionary(static actor => actor.Id, static actor => actor.Name, StringComparer.Ordinal);
        return requests.ConvertAll(request => request with { AskedByName = names.GetValueOrDefault(request.AskedBy), DecidedByName = names.GetValueOrDefault(request.DecidedBy ?? "") });
    }

    private async Task<List<ApprovalRequest>> PageAsync(ControlPlaneContext context, ApprovalFilter filter, Guid? before, CancellationToken cancellationToken)
    {
        var requests = context.Set<ApprovalRequest>().AsNoTracking();
        if (filter.Waiting is { } waiting)
        {
            requests = requests.Where(request => (request.State == ApprovalState.Pending) == waiting);
        }

        if (filter.Mine)
        {
            var asker = authorizer.Caller.Id;
            requests = requests.Where(request => request.AskerId == asker);
        }

        if (before is { } id)
        {
            requests = requests.Where(request => request.Id.CompareTo(id) < 0);
        }

        return await requests.OrderByDescending(request => request.Id).Take(ReadAtOnce).ToListAsync(cancellationToken);
    }

    /// <summary>Somebody who could never see any is told so, instead of seeing nothing for ever.</summary>
    private void DemandSomething()
    {
        if (!authorizer.Caller.Grants.Any(grant => Permissions.DecideApprovals.IsHeldBy(grant.Role)))
        {
            authorizer.Demand(Permissions.DecideApprovals);
        }
    }

    private bool MaySee(ApprovalRequest request) =>
        request.AskerId == authorizer.Caller.Id
        || request.Subjects.All(subject => authorizer.May(Permissions.DecideApprovals, subject.Namespace.Length > 0 ? subject.Namespace : null, subject.Team));

    private ApprovalDetails Details(ApprovalRequest request) => ApprovalDetails.Of(
        request,
        mayDecide: request.State == ApprovalState.Pending && request.ExpiresAt > time.GetUtcNow() && decisions.MayDecide(request),
        mayWithdraw: request.State == ApprovalState.Pending && request.AskerId == authorizer.Caller.Id);
}
