using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Leadership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Hosting;

/// <summary>
/// Runs the controllers of the process while it is the leader. Caches are filled before, so that a new leader starts warm. Losing leadership
/// ends the process with <see cref="LostLeadershipExitCode"/>: what is under way can't be taken back, and a fresh process starts clean.
/// </summary>
/// <param name="controllers">What to run.</param>
/// <param name="elector">Who leads; null when nobody else can be running (a laptop).</param>
/// <param name="lifetime">Ended on loss.</param>
/// <param name="logger">Log.</param>
public sealed partial class ControllerHost(
    IEnumerable<Controller> controllers, LeaseElector? elector, IHostApplicationLifetime lifetime, ILogger<ControllerHost> logger) : BackgroundService
{
    /// <summary>Exit code of a process that lost leadership.</summary>
    public const int LostLeadershipExitCode = 75; // EX_TEMPFAIL of sysexits.h: try again

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (elector is null)
        {
            await RunAllAsync(stoppingToken);
        }
        else if (await elector.LeadAsync(RunAllAsync, stoppingToken))
        {
            LogLost();
            Environment.ExitCode = LostLeadershipExitCode;
            lifetime.StopApplication();
        }
    }

    private Task RunAllAsync(CancellationToken cancellationToken) =>
        Together.RunAsync(controllers.Select<Controller, Func<CancellationToken, Task>>(controller => controller.RunAsync), cancellationToken);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Leadership is lost; the process ends so that a fresh one can take its place")]
    private partial void LogLost();
}
