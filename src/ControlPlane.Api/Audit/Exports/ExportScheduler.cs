using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>
/// Has exports made, one at a time: an export reads the log and writes a file as fast as both go, and two at once would only be slower. What is to
/// be done is in the store, so a process that starts takes up what another left.
/// </summary>
public sealed class ExportScheduler(ISchedulerFactory schedulers, IDbContextFactory<ControlPlaneContext> store, ExportOptions options, TimeProvider time) : IHostedService
{
    /// <summary>Name of the job datum that holds the id.</summary>
    internal const string Id = "id";

    /// <summary>Has an export made.</summary>
    public async Task ScheduleAsync(Guid id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<ExportRun>().WithIdentity(KeyOf(id)).UsingJobData(Id, id.ToString()).Build();
        await scheduler.ScheduleJob(job, TriggerBuilder.Create(time).StartNow().Build(), cancellationToken: cancellationToken);
    }

    /// <summary>Stops an export, whether it waits or is being made.</summary>
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
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Directory);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var left = await context.Set<ExportJob>()
            .Where(job => job.State == ExportState.Queued || job.State == ExportState.Running)
            .OrderBy(job => job.RequestedAt)
            .Select(job => job.Id)
            .ToListAsync(cancellationToken);
        foreach (var abandoned in Directory.GetDirectories(options.Directory, "*.work").Except(left.Select(options.WorkOf)))
        {
            Directory.Delete(abandoned, recursive: true); // called off while it was being made
        }

        foreach (var id in left)
        {
            await ScheduleAsync(id, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static JobKey KeyOf(Guid id) => new(id.ToString("N"), "exports");
}
