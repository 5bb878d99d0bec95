using System.Data.Common;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>
/// Has exports made, one at a time: an export reads the log and writes a file as fast as both go, and two at once would only be slower. What is to
/// be done is in the store, so a process takes up what another left, and every replica tells its pages what the others do.
/// </summary>
public sealed partial class ExportScheduler(
    ISchedulerFactory schedulers, IDbContextFactory<ControlPlaneContext> store, ExportOptions options, ExportFeed feed, TimeProvider time, ILogger<ExportScheduler> logger) : BackgroundService
{
    /// <summary>Name of the job datum that holds the id.</summary>
    internal const string Id = "id";

    /// <summary>How often the store is looked into.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private Dictionary<Guid, int> _seen = [];

    /// <summary>Has an export made.</summary>
    public async Task ScheduleAsync(Guid id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (await scheduler.GetJobDetail(KeyOf(id), cancellationToken) is not null)
        {
            return; // it waits for its turn, or is being made
        }

        var job = JobBuilder.Create<ExportRun>().WithIdentity(KeyOf(id)).UsingJobData(Id, id.ToString()).Build();
        await scheduler.ScheduleJob(job, TriggerBuilder.Create(time).StartNow().Build(), cancellationToken: cancellationToken);
    }

    /// <summary>Stops an export, whether it waits or is being made. Another replica that makes it stops when it tells of its progress next.</summary>
    public async Task CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.Interrupt(KeyOf(id), cancellationToken);
        await scheduler.DeleteJob(KeyOf(id), cancellationToken);
    }

    /// <summary>Removes what there is of an export's files.</summary>
    public void RemoveFiles(Guid id)
    {
        File.Delete(options.FileOf(id));
        if (Directory.Exists(options.WorkOf(id)))
        {
            Directory.Delete(options.WorkOf(id), recursive: true);
        }
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Directory);
        await ClearAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException && !stoppingToken.IsCancellationRequested)
            {
                LogLater(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Takes up what nobody makes, and tells pages what changed since the last look.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var open = await context.Set<ExportJob>().AsNoTracking()
            .Where(job => job.State == ExportState.Queued || job.State == ExportState.Running)
            .OrderBy(job => job.RequestedAt)
            .Select(job => new { job.Id, job.Version, job.HeldUntil })
            .ToListAsync(cancellationToken);
        foreach (var job in open.Where(job => job.HeldUntil is null || job.HeldUntil <= now))
        {
            await ScheduleAsync(job.Id, cancellationToken);
        }

        var seen = open.ToDictionary(static job => job.Id, static job => job.Version);
        foreach (var id in _seen.Keys.Union(seen.Keys).Where(id => !_seen.TryGetValue(id, out var before) || !seen.TryGetValue(id, out var version) || before != version))
        {
            feed.Changes.Publish(id);
        }

        _seen = seen;
    }

    /// <summary>Removes what is left of exports that were called off while they were being made. Whatever is made now is in the store by the time that it has files.</summary>
    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        var work = Directory.GetDirectories(options.Directory, "*.work");
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var open = await context.Set<ExportJob>().Where(job => job.State == ExportState.Queued || job.State == ExportState.Running).Select(job => job.Id).ToListAsync(cancellationToken);
        foreach (var abandoned in work.Except(open.Select(options.WorkOf)).Where(Directory.Exists))
        {
            Directory.Delete(abandoned, recursive: true);
        }
    }

    private static JobKey KeyOf(Guid id) => new(id.ToString("N"), "exports");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Exports that wait can't be taken up now; it is tried again")]
    private partial void LogLater(Exception exception);
}
