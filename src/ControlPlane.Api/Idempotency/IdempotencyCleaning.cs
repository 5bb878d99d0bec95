using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Idempotency;

/// <summary>Deletes kept answers once they are old, each hour.</summary>
public sealed partial class IdempotencyCleaning(IdempotentAnswers answers, TimeProvider time, ILogger<IdempotencyCleaning> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await answers.DeleteOldAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbUpdateException or System.Data.Common.DbException)
            {
                LogLater(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old answers can't be deleted now; it is tried again")]
    private partial void LogLater(Exception exception);
}
