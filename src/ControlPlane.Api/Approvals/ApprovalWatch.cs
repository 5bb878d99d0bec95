using System.Data.Common;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Approvals;

/// <summary>Tells the pages of this replica what others did to requests: what is open is in the store, and it looks there again and again.</summary>
public sealed partial class ApprovalWatch(IDbContextFactory<ControlPlaneContext> contexts, ApprovalDesk desk, TimeProvider time, ILogger<ApprovalWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private Dictionary<Guid, int> _seen = [];

    /// <summary>Tells what changed since the last look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var open = await context.Set<ApprovalRequest>().AsNoTracking()
            .Where(static request => request.State == ApprovalState.Pending || request.State == ApprovalState.Approved)
            .ToDictionaryAsync(static request => request.Id, static request => request.Version, cancellationToken);
        foreach (var id in _seen.Keys.Union(open.Keys).Where(id => !_seen.TryGetValue(id, out var before) || !open.TryGetValue(id, out var version) || before != version))
        {
            desk.Changes.Publish(id);
        }

        _seen = open;
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "What other replicas did to approvals can't be read now; it is tried again")]
    private partial void LogLater(Exception exception);
}
