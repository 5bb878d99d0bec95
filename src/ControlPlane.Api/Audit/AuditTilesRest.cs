using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Audit.Verification;
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

    private const int DigitsInPart = 1000;

    /// <summary>Maps the routes.</summary>
    public static RouteGroupBuilder MapAuditTiles(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Requires(Permissions.ReadAudit);
        audit.MapGet("/checkpoint", CheckpointAsync).WithSummary("Reads the newest signed checkpoint (C2SP signed note).");
        audit.MapGet("/tile/entries/{**path}", BundleAsync).WithSummary("Reads a bundle of entries (C2SP tlog-tiles).");
        audit.MapGet("/tile/{level:int:range(0,63)}/{**path}", TileAsync).WithSummary("Reads a tile of hashes (C2SP tlog-tiles).");
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
        int level, string path, IAuditReader reader, Authorizer authorizer, HttpResponse response, CancellationToken cancellationToken)
    {
        authorizer.DemandNamespaces(Permissions.ReadAudit);
        var (index, width) = Parse(path);
        if (level > 7 || (reader.Size >> (8 * level)) - (index * TileProof.Width) < width)
        {
            return NotFound();
        }

        var tile = await reader.ReadTileAsync(level, index, width, cancellationToken);
        response.Headers.CacheControl = ForEver;
        return TypedResults.File(tile.ToArray(), "application/octet-stream");
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> BundleAsync(
        string path, IAuditReader reader, Authorizer authorizer, HttpResponse response, CancellationToken cancellationToken)
    {
        authorizer.Demand(Permissions.ReadAudit);
        var (index, width) = Parse(path);
        var first = index * TileProof.Width;
        if (first + width > reader.Size)
        {
            return NotFound();
        }

        var (bundle, count) = (new MemoryStream(), 0);
        await foreach (var entry in reader.ReadAsync(first, first + width, cancellationToken))
        {
            var length = new byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)entry.Bytes.Length);
            bundle.Write(length);
            bundle.Write(entry.Bytes.Span);
            count++;
        }

        if (count < width)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status410Gone, title: "These entries were pruned at the end of their retention", detail: "Their hashes are still served as tiles.");
        }

        response.Headers.CacheControl = ForEver;
        return TypedResults.File(bundle.ToArray(), "application/octet-stream");
    }

    /// <summary>Reads <c>x001/x234/067</c> or <c>x001/x234/067.p/12</c>: index of a tile, and how many hashes of it.</summary>
    /// <exception cref="RequestException">It is no such path.</exception>
    internal static (long Index, int Width) Parse(string path)
    {
        var parts = path.Split('/');
        var width = TileProof.Width;
        if (parts.Length > 1 && parts[^2].EndsWith(".p", StringComparison.Ordinal))
        {
            width = int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var partial) && partial is > 0 and < TileProof.Width && parts[^1][0] != '0' ? partial : throw Bad(path);
            parts = [.. parts[..^2], parts[^2][..^2]];
        }

        var index = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            var digits = i == parts.Length - 1 ? parts[i] : parts[i].StartsWith('x') ? parts[i][1..] : throw Bad(path);
            if (parts.Length > 5 || digits.Length != 3 || !digits.All(char.IsAsciiDigit))
            {
                throw Bad(path);
            }

            index = (index * DigitsInPart) + int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return parts.Length > 1 && parts[0] == "x000" ? throw Bad(path) : (index, width);
    }

    private static RequestException Bad(string path) =>
        new(HttpStatusCode.BadRequest, "path", $"'{path}' is no path of a tile: write 067, x001/067 or x001/067.p/12");

    private static ProblemHttpResult NotFound() =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "The log does not reach that far");
}
