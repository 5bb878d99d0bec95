using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>
/// Runs a round of the witnesses every few seconds: a checkpoint comes at most that often. Replicas take turns: a witness that was asked about a later
/// checkpoint in between would seem to know more of the log than there is.
/// </summary>
/// <param name="round">The round.</param>
/// <param name="store">Gives the turns.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Told about rounds that failed.</param>
public sealed partial class WitnessService(WitnessRound round, IDbContextFactory<ControlPlaneContext> store, TimeProvider time, ILogger<WitnessService> logger) : BackgroundService
{
    /// <summary>Time between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await TryRoundAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>A store or a witness that is away must not end the process: the next round tries again.</summary>
    private async Task TryRoundAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var context = await store.CreateDbContextAsync(stoppingToken);
            await using var turn = await context.TakeTurnAsync("dabbawala witness round", stoppingToken);
            await round.RunAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round of the witnesses failed; the next tries again")]
    private partial void LogFailed(Exception exception);
}
