using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>Runs a round of the witnesses every few seconds: a checkpoint comes at most that often.</summary>
/// <param name="round">The round.</param>
/// <param name="time">Clock.</param>
public sealed class WitnessService(WitnessRound round, TimeProvider time) : BackgroundService
{
    /// <summary>Time between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await round.RunAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
