using System.Data.Common;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace ControlPlane.Api.Audit.Retention;

/// <summary>
/// Prunes what is over its time, erases personal data that no rule keeps any longer, and goes on with erasures of which more can go by now. Each leaves its certificate in the log; what a hold keeps
/// stays, and a log that is not as it was recorded is left as it is. Each replica has this job, and one of them does it.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class RetentionJob(
    AuditPruner pruner, PersonalErasure erasure, PersonalExpiry expiry, RetentionOptions options, IDbContextFactory<ControlPlaneContext> store, ILogger<RetentionJob> logger) : IJob
{
    private const string Reason = "the time of the rules that keep them is over";

    private static readonly AuditActor Actor = new(AuditActorKind.System, Caller.System.Id, "retention");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await RunAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await store.TryInTurnAsync("dabbawala retention", () => WorkAsync(cancellationToken), cancellationToken))
            {
                LogElsewhere();
            }
        }
        catch (Exception e) when (e is RetentionException or AuditUnavailableException or DbException)
        {
            LogNotDone(e);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (options.PrunesDaily && await pruner.PruneAsync(expected: null, Actor, Reason, correlationId: null, cancellationToken) is { } pruned)
        {
            LogPruned(pruned.Certificate.From, pruned.Certificate.End, pruned.Entry.Index);
        }

        if (await erasure.GoOnAsync(Actor, cancellationToken) is > 0 and var count)
        {
            LogErased(count);
        }

        if (options.PrunesDaily && await expiry.RunAsync(Actor, cancellationToken) is > 0 and var data)
        {
            LogExpired(data);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Entries {From} up to before {End} of the audit log were pruned; entry {Certificate} certifies it")]
    private partial void LogPruned(long from, long end, long certificate);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} erasures of personal data were gone on with")]
    private partial void LogErased(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} personal data were erased that no rule keeps any longer")]
    private partial void LogExpired(long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another replica prunes and erases what is over its time")]
    private partial void LogElsewhere();

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing was pruned or erased today; it is tried again tomorrow")]
    private partial void LogNotDone(Exception exception);
}
