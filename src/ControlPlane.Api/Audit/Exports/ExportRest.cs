using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>REST: exports of the audit log.</summary>
public static class ExportRest
{
    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapExports(this RouteGroupBuilder api)
    {
        var exports = api.MapGroup("/exports").WithTags("Exports").Requires(Permissions.ExportAudit);
        exports.MapPost("/", Start).WithSummary("Asks for an export; it is made in the background.");
        exports.MapPost("/preview", Preview).WithSummary("Counts the entries that an export would hold.");
        exports.MapGet("/", List).WithSummary("Lists exports, newest first.");
        exports.MapGet("/{id:guid}", Get).WithSummary("Reads how far an export is.");
        exports.MapGet("/{id:guid}/content", Content).WithSummary("Downloads the package; ranges are answered.");
        exports.MapDelete("/{id:guid}", Remove).WithSummary("Calls an export off, or removes its file.");
        return api;
    }

    private static async Task<Accepted<ExportView>> Start(ExportRequest request, ExportCommands commands, AuditKeys keys, CancellationToken cancellationToken)
    {
        var job = await commands.StartAsync(request, cancellationToken);
        return TypedResults.Accepted($"/api/v1/exports/{job.Id}", ExportView.Of(job, keys));
    }

    private static async Task<Ok<ExportPreview>> Preview(ExportRequest request, ExportQueries exports, TimeProvider time, CancellationToken cancellationToken)
    {
        var count = await exports.PreviewAsync(request.ToQuery(time.GetUtcNow()), cancellationToken);
        return TypedResults.Ok(new ExportPreview(count, count == AuditSearch.CountedAtMost));
    }

    private static async Task<Ok<ListPage<ExportView>>> List(
        ExportQueries exports, AuditKeys keys, string? cursor, CancellationToken cancellationToken, int limit = Paging.DefaultPage)
    {
        var page = await exports.ListAsync(cursor, limit, cancellationToken);
        return TypedResults.Ok(new ListPage<ExportView>([.. page.Items.Select(job => ExportView.Of(job, keys))], page.NextCursor, page.Total));
    }

    private static async Task<Results<Ok<ExportView>, ProblemHttpResult>> Get(Guid id, ExportQueries exports, AuditKeys keys, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, cancellationToken) is { } job ? TypedResults.Ok(ExportView.Of(job, keys)) : NotFound(id);

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> Content(Guid id, ExportQueries exports, CancellationToken cancellationToken) =>
        await exports.FindAsync(id, cancellationToken) switch
        {
            null => NotFound(id),
            { } job when exports.FileOf(job) is { } file => TypedResults.PhysicalFile(
                file, "application/zip", job.FileName, job.FinishedAt, new EntityTagHeaderValue($"\"{job.Sha256}\""), enableRangeProcessing: true),
            { State: ExportState.Queued or ExportState.Running } => TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict, title: "The export is not finished yet"),
            _ => TypedResults.Problem(statusCode: StatusCodes.Status410Gone, title: "The file of the export is gone", detail: "Ask for the same query again: it gives the same bytes."),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(Guid id, ExportCommands commands, CancellationToken cancellationToken) =>
        await commands.RemoveAsync(id, cancellationToken) ? TypedResults.NoContent() : NotFound(id);

    private static ProblemHttpResult NotFound(Guid id) => TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: $"There is no export {id}");
}

/// <summary>How many entries an export would hold.</summary>
/// <param name="Entries">How many, counted up to a bound.</param>
/// <param name="OrMore">True when the bound was reached.</param>
public sealed record ExportPreview(int Entries, bool OrMore);

/// <summary>An export for whoever asked for it.</summary>
/// <param name="Id">Id.</param>
/// <param name="State">How far it is.</param>
/// <param name="Query">What was asked for.</param>
/// <param name="Size">Size of the log that it is an export of; with it the query gives the same bytes again.</param>
/// <param name="RequestedBy">Opaque id of who asked for it.</param>
/// <param name="RequestedAt">When (UTC).</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Part">File of the package that is being written.</param>
/// <param name="Rows">Rows of that file so far.</param>
/// <param name="Entries">Entries in it; null as long as they are being found.</param>
/// <param name="FinishedAt">When it ended (UTC).</param>
/// <param name="ExpiresAt">When its file goes (UTC).</param>
/// <param name="FileName">Name of the file.</param>
/// <param name="Sha256">SHA-256 of the file, in hexadecimal.</param>
/// <param name="ManifestSha256">SHA-256 of the package's manifest, in hexadecimal.</param>
/// <param name="Bytes">Length of the file in bytes.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="VerifyWith">How an auditor verifies the file.</param>
/// <param name="KeyFingerprint">Fingerprint of the log's key, to be compared with one that came another way.</param>
public sealed record ExportView(
    Guid Id,
    ExportState State,
    ExportQuery Query,
    long Size,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    string? Purpose,
    string? Part,
    long Rows,
    long? Entries,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? ExpiresAt,
    string FileName,
    string? Sha256,
    string? ManifestSha256,
    long? Bytes,
    string? Problem,
    string VerifyWith,
    string KeyFingerprint)
{
    /// <summary>Makes it of a job.</summary>
    public static ExportView Of(ExportJob job, AuditKeys keys)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(keys);
        return new(
            job.Id,
            job.State,
            job.Query,
            job.Size,
            job.RequestedBy,
            job.RequestedAt,
            job.Purpose,
            job.Part,
            job.Rows,
            job.Entries,
            job.FinishedAt,
            job.ExpiresAt,
            job.FileName,
            job.Sha256,
            job.ManifestSha256,
            job.Bytes,
            job.Problem,
            CommandOf(job, keys),
            keys.Fingerprint);
    }

    /// <summary>The command by which an auditor verifies a file, to be copied as it is.</summary>
    public static string CommandOf(ExportJob job, AuditKeys keys)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(keys);
        return $"dabbawala-verify {job.FileName} --key '{keys.Log}'";
    }
}
