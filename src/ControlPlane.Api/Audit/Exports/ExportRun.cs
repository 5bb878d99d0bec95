using System.Reflection;
using System.Security.Cryptography;
using Compliance.Audit;
using Compliance.Audit.Packages;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;
using PackageRequest = Compliance.Audit.Packages.ExportRequest;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>
/// Makes one export, or goes on with one that another process began: the package keeps the files that are whole, and is pinned to the checkpoint
/// that the export was asked for with, so it ends with the same bytes however often it was broken off. Of several replicas one has it at a time, for as
/// long as it says so again and again (<see cref="ExportJob.HeldUntil"/>).
/// </summary>
internal sealed partial class ExportRun(
    IDbContextFactory<ControlPlaneContext> store,
    IAuditReader reader,
    ExportKeys keys,
    ExportOptions options,
    ExportFeed feed,
    TimeProvider time,
    ILogger<ExportRun> logger) : IJob
{
    /// <summary>After so long without a word, whoever made an export is taken for dead.</summary>
    internal static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(1);
    private static readonly string Version = typeof(ExportRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await RunAsync(Guid.Parse(context.MergedJobDataMap.GetString(ExportScheduler.Id)!), cancellationToken);

    /// <summary>Makes an export; does nothing when it was called off, or another replica has it.</summary>
    public async Task RunAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (await context.Set<ExportJob>().SingleOrDefaultAsync(job => job.Id == id, cancellationToken) is not { State: ExportState.Queued or ExportState.Running } job
            || job.HeldUntil > time.GetUtcNow())
        {
            return;
        }

        try
        {
            await SaveAsync(context, job, ExportState.Running, cancellationToken); // of two that try, the store lets one
            var package = await PackAsync(context, job, cancellationToken);
            await SealAsync(job, package, cancellationToken);
            await SaveAsync(context, job, ExportState.Done, cancellationToken);
            LogDone(id, package.Description.Count);
        }
        catch (DbUpdateConcurrencyException)
        {
            await LeaveAsync(id, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(context, job, ExportState.Running); // the process ends, and the next one goes on; or it was called off, which the store knows
            throw;
        }
        catch (Exception e)
        {
            LogFailed(e, id);
            (job.Problem, job.FinishedAt) = (Why(e), time.GetUtcNow());
            await EndAsync(context, job, ExportState.Failed);
        }
    }

    /// <summary>Tells how it ended here, unless it is another's by now.</summary>
    private async Task EndAsync(ControlPlaneContext context, ExportJob job, ExportState state)
    {
        try
        {
            await SaveAsync(context, job, state, CancellationToken.None, isHeld: false);
        }
        catch (DbUpdateConcurrencyException)
        {
            await LeaveAsync(job.Id, CancellationToken.None);
        }
    }

    /// <summary>Somebody called it off while it ran, and there must be no files of it; or another replica has it, and with it the files.</summary>
    private async Task LeaveAsync(Guid id, CancellationToken cancellationToken)
    {
        LogCalledOff(id);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        if (await context.Set<ExportJob>().AnyAsync(job => job.Id == id && job.State != ExportState.Cancelled && job.State != ExportState.Expired, cancellationToken))
        {
            return;
        }

        File.Delete(options.FileOf(id));
        if (Directory.Exists(options.WorkOf(id)))
        {
            Directory.Delete(options.WorkOf(id), recursive: true);
        }
    }

    private async Task<ExportSummary> PackAsync(ControlPlaneContext context, ExportJob job, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = new LatestProgress();
        var packing = ExportPackageWriter.WriteAsync(RequestOf(job), reader, keys, options.WorkOf(job.Id), progress, stop.Token);
        using var timer = new PeriodicTimer(Tell, time);
        try
        {
            var tick = timer.WaitForNextTickAsync(stop.Token).AsTask();
            while (await Task.WhenAny(packing, tick) == tick && tick.IsCompletedSuccessfully)
            {
                await TellAsync(context, job, progress, cancellationToken);
                tick = timer.WaitForNextTickAsync(stop.Token).AsTask();
            }

            return await packing;
        }
        finally
        {
            await stop.CancelAsync();
            await packing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>The package as one file, under its name once it is whole.</summary>
    private async Task SealAsync(ExportJob job, ExportSummary package, CancellationToken cancellationToken)
    {
        var unfinished = $"{options.FileOf(job.Id)}.part";
        await using (var archive = File.Create(unfinished))
        {
            await PackageArchive.WriteAsync(options.WorkOf(job.Id), archive, cancellationToken);
        }

        await using (var archive = File.OpenRead(unfinished))
        {
            job.Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(archive, cancellationToken));
            job.Bytes = archive.Length;
        }

        File.Move(unfinished, options.FileOf(job.Id), overwrite: true);
        Directory.Delete(options.WorkOf(job.Id), recursive: true);
        job.ManifestSha256 = package.ManifestSha256;
        job.Entries = job.Rows = package.Description.Count;
        job.FinishedAt = time.GetUtcNow();
        job.ExpiresAt = job.FinishedAt + options.Kept;
    }

    private PackageRequest RequestOf(ExportJob job) => new()
    {
        Query = job.Query.ToAuditQuery(),
        End = job.Size,
        Checkpoint = job.Checkpoint,
        ExporterId = job.RequestedBy,
        Purpose = job.Purpose ?? "",
        SoftwareVersion = Version,
        Organisation = options.Organisation,
        Device = options.Device,
    };

    private async Task TellAsync(ControlPlaneContext context, ExportJob job, LatestProgress progress, CancellationToken cancellationToken)
    {
        var latest = progress.Latest;
        if (latest is not null && (latest.Part, latest.Rows) != (job.Part, job.Rows))
        {
            (job.Part, job.Rows, job.Entries) = (latest.Part, latest.Rows, latest.Total);
            await SaveAsync(context, job, ExportState.Running, cancellationToken);
        }
        else if (job.HeldUntil - time.GetUtcNow() < Hold / 2)
        {
            await SaveAsync(context, job, ExportState.Running, cancellationToken);
        }
    }

    private async Task SaveAsync(ControlPlaneContext context, ExportJob job, ExportState state, CancellationToken cancellationToken, bool isHeld = true)
    {
        job.State = state;
        job.HeldUntil = isHeld && state == ExportState.Running ? time.GetUtcNow() + Hold : null;
        job.Version++;
        await context.SaveChangesAsync(cancellationToken);
        feed.Changes.Publish(job.Id);
    }

    private static string Why(Exception failure) => failure switch
    {
        IOException => $"its files can't be written: {failure.Message}",
        _ when ProblemDescription.Of(failure) is { IsDefect: false } problem => problem.Detail ?? problem.Title,
        _ => "by a defect of ours, which was logged",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Export {Export} of {Entries} entries is made")]
    private partial void LogDone(Guid export, long entries);

    [LoggerMessage(Level = LogLevel.Information, Message = "Export {Export} was called off, or another replica makes it")]
    private partial void LogCalledOff(Guid export);

    [LoggerMessage(Level = LogLevel.Error, Message = "Export {Export} could not be made")]
    private partial void LogFailed(Exception exception, Guid export);

    /// <summary>Keeps the newest report: whoever writes the package must not wait for the store.</summary>
    private sealed class LatestProgress : IProgress<ExportProgress>
    {
        private ExportProgress? _latest;

        public ExportProgress? Latest => Volatile.Read(ref _latest);

        public void Report(ExportProgress value) => Volatile.Write(ref _latest, value);
    }
}
