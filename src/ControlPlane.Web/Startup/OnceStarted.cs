namespace ControlPlane.Web.Startup;

/// <summary>
/// Runs a service once the host has started: who opens the console on two cores should not wait for code that all the pods load at the same time.
/// </summary>
/// <typeparam name="T">The service.</typeparam>
internal sealed class OnceStarted<T>(T service, IHostApplicationLifetime lifetime) : BackgroundService
    where T : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await service.StopAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(stoppingToken);
        }

        await service.StartAsync(stoppingToken);
        await service.ExecuteTask!; // that it broke is for the host to hear
    }
}
