using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Approvals;

/// <summary>What somebody says who decides.</summary>
/// <param name="Reason">Why; must be given to decline.</param>
public sealed record ApprovalWords(string? Reason);

/// <summary>A change that waits for a second person.</summary>
/// <param name="Approval">Id of the request.</param>
/// <param name="Location">Where it can be read.</param>
public sealed record PendingChange(Guid Approval, string Location);

/// <summary>REST: what waits for a second person.</summary>
public static class ApprovalRest
{
    private const int DefaultPage = 50;
    private const int LargestPage = 200;

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapApprovals(this RouteGroupBuilder api)
    {
        var approvals = api.MapGroup("/approvals").WithTags("Approvals").Requires(Permissions.DecideApprovals);
        approvals.MapGet("/", List).WithSummary("Lists what waits for approval (?state=pending), what was decided (?state=decided) or both, newest first.");
        approvals.MapGet("/{id:guid}", Find).WithSummary("Shows one request, with the change in full.");
        approvals.MapPost("/{id:guid}/approve", Approve).WithSummary("Approves a request of somebody else, and runs it, if it would still do the same.");
        approvals.MapPost("/{id:guid}/decline", Decline).WithSummary("Declines a request of somebody else; takes a reason.");
        approvals.MapPost("/{id:guid}/withdraw", Withdraw).WithSummary("Takes back a request of one's own.");
        return api;
    }

    /// <summary>Answers 202 with the request's address where a change waits for a second person.</summary>
    public static RouteGroupBuilder AnswersPendingChanges(this RouteGroupBuilder api) => api.AddEndpointFilter(static async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (ApprovalPendingException e)
        {
            return TypedResults.Accepted(e.Location, new PendingChange(e.Approval, e.Location));
        }
    });

    private static async Task<Ok<ApprovalPage>> List(
        ApprovalQuery approvals, string? state, bool? mine, Guid? cursor, int limit = DefaultPage, CancellationToken cancellationToken = default) =>
        limit is < 1 or > LargestPage
            ? throw RequestException.BadParameter("limit", $"limit must be from 1 to {LargestPage}")
            : TypedResults.Ok(await approvals.ListAsync(new(Waiting(state), mine ?? false), cursor, limit, cancellationToken));

    private static async Task<Ok<ApprovalDetails>> Find(Guid id, ApprovalQuery approvals, HttpResponse response, CancellationToken cancellationToken)
    {
        var request = await approvals.FindAsync(id, cancellationToken);
        response.Headers.ETag = $"\"{request.Version}\"";
        return TypedResults.Ok(request);
    }

    private static async Task<Ok<ApprovalDetails>> Approve(
        Guid id, ApprovalWords? words, [FromHeader(Name = "If-Match")] string? ifMatch, ApprovalDecisions decisions, ApprovalQuery approvals, CancellationToken cancellationToken)
    {
        await decisions.ApproveAsync(id, words?.Reason, Version(ifMatch), cancellationToken);
        return TypedResults.Ok(await approvals.FindAsync(id, CancellationToken.None));
    }

    private static async Task<Ok<ApprovalDetails>> Decline(
        Guid id, ApprovalWords? words, [FromHeader(Name = "If-Match")] string? ifMatch, ApprovalDecisions decisions, ApprovalQuery approvals, CancellationToken cancellationToken)
    {
        await decisions.DeclineAsync(id, words?.Reason, Version(ifMatch), cancellationToken);
        return TypedResults.Ok(await approvals.FindAsync(id, CancellationToken.None));
    }

    private static async Task<Ok<ApprovalDetails>> Withdraw(Guid id, ApprovalDecisions decisions, ApprovalQuery approvals, CancellationToken cancellationToken)
    {
        await decisions.WithdrawAsync(id, cancellationToken);
        return TypedResults.Ok(await approvals.FindAsync(id, CancellationToken.None));
    }

    private static bool? Waiting(string? state) => state switch
    {
        null or "" or "all" => null,
        "pending" => true,
        "decided" => false,
        _ => throw RequestException.BadParameter("state", "state must be pending, decided or all"),
    };

    private static int? Version(string? ifMatch) => ifMatch switch
    {
        null or "" or "*" => null,
        _ when int.TryParse(ifMatch.Trim('"'), out var version) => version,
        _ => throw RequestException.BadParameter("If-Match", "it is no ETag of a request for approval"),
    };
}
