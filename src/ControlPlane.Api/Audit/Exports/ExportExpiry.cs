using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>Removes the files of exports whose time is over. What was exported, and by whom, stays on record in the log.</summary>
internal sealed class ExportExpiry(IDbContextFactory<ControlPlaneContext> store, ExportScheduler scheduler, ExportFeed feed, TimeProvider time) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await RunAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        foreach (var job in await context.Set<ExportJob>().Where(job => job.State == ExportState.Done && job.ExpiresAt <= now).ToListAsync(cancellationToken))
        {
            scheduler.RemoveFiles(job.Id);
            (job.State, job.Version) = (ExportState.Expired, job.Version + 1);
            try
            {
                await context.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateConcurrencyException)
            {
                context.Entry(job).State = EntityState.Detached; // another replica was faster, or somebody who removed it
            }

            feed.Changes.Publish(job.Id);
        }
    }
}
