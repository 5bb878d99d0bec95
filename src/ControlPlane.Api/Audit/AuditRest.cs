using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Audit.Health;
using ControlPlane.Api.Audit.Personal;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Audit;

/// <summary>REST: the audit log for people and programs that search it.</summary>
public static class AuditRest
{
    private const int DefaultPage = 50;
    private const int LargestPage = 500;

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAuditReading(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Requires(Permissions.ReadAudit);
        audit.MapGet("/entries", List).WithSummary("Searches the audit log, newest first.");
        audit.MapGet("/entries/{index:long}", Get).WithSummary("Reads an entry: what it says, its exact bytes, and what else the same request caused.");
        audit.MapGet("/entries/{index:long}/proof", Proof).WithSummary("Reads one file that proves an entry without this log (C2SP tlog-proof).");
        audit.MapGet("/entries/{index:long}/verification", Verify).WithSummary("Verifies an entry against the newest checkpoint, step by step.");
        audit.MapPost("/entries/{index:long}/personal-data", Reveal).Requires(Permissions.RevealPersonalData)
            .WithSummary("Shows the personal data that an entry commits to; takes a reason, and is on record.");
        audit.MapGet("/health", Health).WithSummary("Says how the log is, and what it does and does not protect against.");
        audit.MapGet("/timeline", Timeline).WithSummary("Counts matching entries over time.");
        return api;
    }

    private static async Task<Ok<AuditListing>> List(
        [AsParameters] AuditSearchRequest request, AuditSearch search, long? cursor = null, int limit = DefaultPage, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > LargestPage)
        {
            throw RequestException.BadParameter("limit", $"limit must be from 1 to {LargestPage}");
        }

        var query = request.ToSearch();
        var page = await search.ListAsync(query, cursor, limit, cancellationToken);
        var total = await search.CountAsync(query, cancellationToken);
        return TypedResults.Ok(new AuditListing(page.Entries, page.Next, total, total == AuditSearch.CountedAtMost));
    }

    private static async Task<Results<Ok<AuditEntryDetails>, ProblemHttpResult>> Get(long index, AuditEntryQuery entries, CancellationToken cancellationToken) =>
        await entries.FindAsync(index, cancellationToken) is { } found ? TypedResults.Ok(found) : NotFound(index);

    private static async Task<Ok<AuditTimeline>> Timeline([AsParameters] AuditSearchRequest request, AuditSearch search, CancellationToken cancellationToken) =>
        TypedResults.Ok(await search.TimelineAsync(request.ToSearch(), cancellationToken));

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Proof(long index, AuditVerification verification, CancellationToken cancellationToken) =>
        await verification.ProveAsync(index, cancellationToken) is { } proof ? TypedResults.Text(proof, "text/plain; charset=utf-8") : NotFound(index);

    private static async Task<Results<Ok<VerificationReport>, ProblemHttpResult>> Verify(long index, AuditVerification verification, CancellationToken cancellationToken) =>
        await verification.VerifyAsync(index, cancellationToken) is { } report ? TypedResults.Ok(report) : NotFound(index);

    private static async Task<Results<Ok<WholeList<RevealedDatum>>, ProblemHttpResult>> Reveal(
        long index, RevealRequest request, PersonalDataReveal reveal, CancellationToken cancellationToken) =>
        await reveal.RevealAsync(index, request.Reason, cancellationToken) is { } data ? TypedResults.Ok(new WholeList<RevealedDatum>(data)) : NotFound(index);

    private static async Task<Ok<AuditHealthReport>> Health(AuditHealthQuery health, CancellationToken cancellationToken) =>
        TypedResults.Ok(await health.ReadAsync(cancellationToken));

    private static ProblemHttpResult NotFound(long index) =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no entry {index} in the log", detail: "It may have been pruned at the end of its retention, or lie outside of your namespaces.");
}

/// <summary>A page of entries.</summary>
/// <param name="Items">The entries, newest first.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="Total">How many match in all, counted up to a bound.</param>
/// <param name="OrMore">True when the bound was reached.</param>
public sealed record AuditListing(IReadOnlyList<RecordedEntry> Items, long? NextCursor, int Total, bool OrMore);

/// <summary>Asks to see personal data.</summary>
/// <param name="Reason">Why; there must be one.</param>
public sealed record RevealRequest(string? Reason);
