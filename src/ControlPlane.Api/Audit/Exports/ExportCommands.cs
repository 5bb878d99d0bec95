using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Notes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Witnessing;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>Asks for exports, calls them off and removes their files. Each is a command: who took what out of the log is on record in it.</summary>
public sealed class ExportCommands(
    CommandGate gate,
    Authorizer authorizer,
    IDbContextFactory<ControlPlaneContext> store,
    IAuditReader reader,
    ReadCosignedCheckpoint cosigned,
    ExportScheduler scheduler,
    ExportFeed feed,
    TimeProvider time)
{
    private const string Kind = "Export";

    /// <summary>Asks for an export; it is made in the background.</summary>
    /// <exception cref="RequestException">Something about the request does not fit, or there is no checkpoint to export from yet.</exception>
    /// <exception cref="AccessException">The caller may not export that.</exception>
    /// <exception cref="AuditUnavailableException">The export can't be recorded, so there is none.</exception>
    public async Task<ExportJob> StartAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = time.GetUtcNow();
        var query = request.ToQuery(now);
        authorizer.Demand(Permissions.ExportAudit, query.Namespace);
        var id = Guid.CreateVersion7(now);
        var (size, checkpoint) = await SnapshotAsync(query, request.Size, now, cancellationToken);
        var command = new Command(Permissions.ExportAudit, new CommandSubject(Kind, query.Namespace ?? "", id.ToString()))
        {
            Reason = request.Reason,
            Change = Describe(query, size),
        };
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                trace.After = Describe(query, size);
                var job = new ExportJob
                {
                    Id = id,
                    RequestedBy = authorizer.Caller.Id,
                    RequestedAt = now,
                    From = query.From,
                    To = query.To,
                    Framework = query.Framework,
                    Namespace = query.Namespace,
                    Service = query.Service,
                    Actor = query.Actor,
                    Purpose = request.Reason,
                    Size = size,
                    Checkpoint = checkpoint,
                    IsClosed = query.To < now,
                };
                await using var context = await store.CreateDbContextAsync(cancel);
                context.Add(job);
                await context.SaveChangesAsync(cancel);
                feed.Changes.Publish(id);
                await scheduler.ScheduleAsync(id, cancel);
                return job;
            },
            cancellationToken);
    }

    /// <summary>Calls an export off, or removes the file of a finished one.</summary>
    /// <returns>False when there is none that the caller may see.</returns>
    /// <exception cref="AccessException">The caller may not export that.</exception>
    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        authorizer.DemandNamespaces(Permissions.ExportAudit);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var job = await context.Set<ExportJob>().SingleOrDefaultAsync(job => job.Id == id, cancellationToken);
        if (job is null || !authorizer.May(Permissions.ExportAudit, job.Namespace))
        {
            return false;
        }

        var command = new Command(Permissions.RemoveExport, new CommandSubject(Kind, job.Namespace ?? "", id.ToString()));
        return await gate.RunAsync(
            command,
            async (trace, cancel) =>
            {
                trace.Before = JsonValue.Create(job.State.ToString());
                while (!await TryEndAsync(context, job, cancel))
                {
                    await context.Entry(job).ReloadAsync(cancel); // whoever makes it told of its progress in between
                }

                trace.After = JsonValue.Create(job.State.ToString());
                await scheduler.CancelAsync(id, cancel);
                scheduler.RemoveFiles(id);
                feed.Changes.Publish(id);
                return true;
            },
            cancellationToken);
    }

    private async Task<bool> TryEndAsync(ControlPlaneContext context, ExportJob job, CancellationToken cancellationToken)
    {
        job.State = job.State == ExportState.Done ? ExportState.Expired : ExportState.Cancelled;
        job.FinishedAt ??= time.GetUtcNow();
        job.Version++;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    /// <summary>
    /// The state of the log that the export is one of: as asked for; else that of an earlier export of the same period, if that was over by then, so
    /// that the same query gives the same bytes; else the newest.
    /// </summary>
    private async Task<(long Size, string Checkpoint)> SnapshotAsync(ExportQuery query, long? asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (query.To < now)
        {
            await using var context = await store.CreateDbContextAsync(cancellationToken);
            var earlier = await context.Set<ExportJob>().AsNoTracking()
                .Where(job => job.IsClosed && job.From == query.From && job.To == query.To && job.Framework == query.Framework && job.Namespace == query.Namespace
                    && job.Service == query.Service && job.Actor == query.Actor && (asked == null || job.Size == asked))
                .OrderBy(job => job.RequestedAt)
                .FirstOrDefaultAsync(cancellationToken);
            if (earlier is not null)
            {
                return (earlier.Size, earlier.Checkpoint);
            }
        }

        var newest = await reader.LatestCheckpointAsync(cancellationToken)
            ?? throw new RequestException(HttpStatusCode.Conflict, "size", "the log has no signed checkpoint yet: try again in a minute");
        newest = await CosignedAsync(newest, cancellationToken);
        var size = Checkpoint.Parse(SignedNote.Parse(newest).Text).Size;
        return asked is null || asked == size
            ? (size, newest)
            : throw RequestException.BadParameter("size", $"the log has no checkpoint of {asked} entries to export from; its newest is of {size}");
    }

    /// <summary>The same checkpoint with the witnesses' cosignatures, where they are as far.</summary>
    private async Task<string> CosignedAsync(string newest, CancellationToken cancellationToken) =>
        await cosigned(cancellationToken) is { } note && SignedNote.Parse(note).Text == SignedNote.Parse(newest).Text ? note : newest;

    private static JsonNode Describe(ExportQuery query, long size)
    {
        var described = JsonSerializer.SerializeToNode(query, ExportJson.Options)!;
        described["size"] = size;
        return described;
    }
}
