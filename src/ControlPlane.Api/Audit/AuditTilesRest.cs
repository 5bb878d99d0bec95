using Compliance.Audit;
using Compliance.Audit.Tiles;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Api.Audit;

/// <summary>
/// REST for monitors: the log as C2SP tlog-tiles lays it out, so that any program of that format can follow and check it. Tiles are hashes only;
/// bundles hold whole entries, so they take the permission for all namespaces.
/// </summary>
public static class AuditTilesRest
{
    /// <summary>Full tiles never change; partial ones are replaced by longer ones of another address.</summary>
    private const string ForEver = "private, max-age=31536000, immutable";

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAuditTiles(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Requires(Permissions.ReadAudit);
        audit.MapGet("/checkpoint", CheckpointAsync).WithSummary("Reads the newest signed checkpoint (C2SP signed note).");
        audit.MapGet("/tile/{**path}", TileAsync).WithSummary("Reads a tile of hashes, or a bundle of entries (C2SP tlog-tiles).");
        return api;
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> CheckpointAsync(
        IAuditReader reader, Authorizer authorizer, HttpResponse response, CancellationToken cancellationToken)
    {
        authorizer.DemandNamespaces(Permissions.ReadAudit);
        response.Headers.CacheControl = "no-cache";
        return await reader.LatestCheckpointAsync(cancellationToken) is { } note
            ? TypedResults.Text(note, "text/plain; charset=utf-8")
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "No checkpoint is signed yet");
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> TileAsync(
        string path, IAuditReader reader, Authorizer authorizer, HttpResponse response, CancellationToken cancellationToken)
    {
        authorizer.DemandNamespaces(Permissions.ReadAudit);
        var tile = TilePath.TryParse($"tile/{path}")
            ?? throw RequestException.BadParameter("path", $"'{path}' is no path of a tile: write 0/067, 1/x001/067, entries/x001/067.p/12 (C2SP tlog-tiles)");
        if (tile.Width > (TilePath.InTree(tile.Level, tile.Index, reader.Size)?.Width ?? 0))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "The log does not reach that far");
        }

        if (tile.Level is { } level)
        {
            response.Headers.CacheControl = ForEver;
            return TypedResults.File((await reader.ReadTileAsync(level, tile.Index, tile.Width, cancellationToken)).ToArray(), "application/octet-stream");
        }

        authorizer.Demand(Permissions.ReadAudit);
        List<ReadOnlyMemory<byte>> entries = [];
        var first = tile.Index * TilePath.FullWidth;
        await foreach (var entry in reader.ReadAsync(first, first + tile.Width, cancellationToken))
        {
            entries.Add(entry.Bytes);
        }

        if (entries.Count < tile.Width)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status410Gone, title: "These entries were pruned at the end of their retention", detail: "Their hashes are still served as tiles.");
        }

        response.Headers.CacheControl = ForEver;
        return TypedResults.File(EntryBundle.Write(entries), "application/octet-stream");
    }
}
