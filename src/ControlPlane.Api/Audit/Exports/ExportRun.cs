using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Compliance.Audit;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>
/// Makes one export: first the indices of all entries that match, newest first, into a file; then the package, oldest first. How far the first part
/// is goes into the store, so that a process that starts goes on from there; the second part begins anew and makes the same bytes.
/// </summary>
internal sealed partial class ExportRun(
    IDbContextFactory<ControlPlaneContext> store,
    IAuditReader reader,
    IExportPackager packager,
    ExportOptions options,
    ExportFeed feed,
    TimeProvider time,
    ILogger<ExportRun> logger) : IJob
{
    private const int PageSize = 2000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(context.MergedJobDataMap.GetString(ExportScheduler.Id)!);
        await RunAsync(id, cancellationToken);
    }

    /// <summary>Makes an export, or goes on with one.</summary>
    public async Task RunAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (await context.Set<ExportJob>().SingleOrDefaultAsync(job => job.Id == id, cancellationToken) is not { State: ExportState.Queued or ExportState.Searching or ExportState.Packaging } job)
        {
            return; // called off
        }

        try
        {
            Directory.CreateDirectory(options.WorkOf(id));
            await SearchAsync(context, job, cancellationToken);
            await PackAsync(context, job, cancellationToken);
            LogDone(id, job.Found);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw; // called off, which is in the store already; or the process ends, and the next one goes on
        }
        catch (DbUpdateConcurrencyException)
        {
            return; // called off while it ran
        }
        catch (Exception e)
        {
            LogFailed(e, id);
            job.Problem = e is IOException ? $"its file can't be written: {e.Message}" : Problems.ProblemDescription.Of(e) is { IsDefect: false } problem ? problem.Detail ?? problem.Title : "by a defect, which was logged";
            job.FinishedAt = time.GetUtcNow();
            await SaveAsync(context, job, ExportState.Failed, CancellationToken.None);
        }
    }

    /// <summary>Writes the indices of the entries that match, newest first, eight bytes each.</summary>
    private async Task SearchAsync(ControlPlaneContext context, ExportJob job, CancellationToken cancellationToken)
    {
        if (job.State == ExportState.Packaging)
        {
            return;
        }

        var before = job.Size - job.NextIndex;
        await using var indices = new FileStream(IndexFile(job.Id), FileMode.OpenOrCreate, FileAccess.Write);
        indices.SetLength(job.Found * sizeof(long)); // what was written after the last save is found again
        indices.Seek(0, SeekOrigin.End);
        await SaveAsync(context, job, ExportState.Searching, cancellationToken);
        while (before > 0)
        {
            var page = await reader.SearchAsync(job.Query.ToAuditQuery(), before, PageSize, cancellationToken);
            indices.Write(Encode(page));
            await indices.FlushAsync(cancellationToken);
            before = page.Count < PageSize ? 0 : page[^1].Index;
            job.Found += page.Count;
            job.NextIndex = job.Size - before;
            if (job.Found > options.MostEntries)
            {
                throw new IOException($"it would hold more than {options.MostEntries} entries; ask for a shorter period");
            }

            await SaveAsync(context, job, ExportState.Searching, cancellationToken);
        }
    }

    private async Task PackAsync(ControlPlaneContext context, ExportJob job, CancellationToken cancellationToken)
    {
        await SaveAsync(context, job, ExportState.Packaging, cancellationToken);
        var file = Path.Combine(options.WorkOf(job.Id), "package.zip");
        await packager.WriteAsync(new(job.Query, job.Size, job.Checkpoint, job.Found, EntriesAsync(job, cancellationToken)), file, cancellationToken);
        await using (var stream = File.OpenRead(file))
        {
            job.Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
            job.Bytes = stream.Length;
        }

        File.Move(file, options.FileOf(job.Id), overwrite: true);
        Directory.Delete(options.WorkOf(job.Id), recursive: true);
        job.FinishedAt = time.GetUtcNow();
        job.ExpiresAt = job.FinishedAt + options.Kept;
        await SaveAsync(context, job, ExportState.Done, cancellationToken);
    }

    /// <summary>The entries, oldest first, read in runs of neighbours.</summary>
    private async IAsyncEnumerable<AuditEntry> EntriesAsync(ExportJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var indices = File.OpenRead(IndexFile(job.Id));
        for (var end = job.Found; end > 0;)
        {
            var page = Decode(indices, Math.Max(0, end - PageSize), end);
            end -= page.Length;
            for (var i = page.Length - 1; i >= 0;)
            {
                var (first, next) = (page[i], page[i] + 1);
                for (i--; i >= 0 && page[i] == next; i--)
                {
                    next++;
                }

                await foreach (var entry in reader.ReadAsync(first, next, cancellationToken))
                {
                    yield return entry;
                }
            }
        }
    }

    private string IndexFile(Guid id) => Path.Combine(options.WorkOf(id), "indices");

    private static byte[] Encode(IReadOnlyList<AuditEntry> page)
    {
        var bytes = new byte[page.Count * sizeof(long)];
        for (var i = 0; i < page.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), page[i].Index);
        }

        return bytes;
    }

    private static long[] Decode(FileStream indices, long from, long end)
    {
        var bytes = new byte[(end - from) * sizeof(long)];
        indices.Seek(from * sizeof(long), SeekOrigin.Begin);
        indices.ReadExactly(bytes);
        return [.. Enumerable.Range(0, (int)(end - from)).Select(i => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * sizeof(long))))];
    }

    private async Task SaveAsync(ControlPlaneContext context, ExportJob job, ExportState state, CancellationToken cancellationToken)
    {
        job.State = state;
        job.Version++;
        await context.SaveChangesAsync(cancellationToken);
        feed.Changes.Publish(job.Id);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Export {Export} of {Entries} entries is made")]
    private partial void LogDone(Guid export, long entries);

    [LoggerMessage(Level = LogLevel.Error, Message = "Export {Export} could not be made")]
    private partial void LogFailed(Exception exception, Guid export);
}
