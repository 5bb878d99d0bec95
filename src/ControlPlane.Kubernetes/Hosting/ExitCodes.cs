using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Kubernetes.Hosting;

/// <summary>What a process that ended tells whoever starts it again.</summary>
public static class ExitCodes
{
    /// <summary>A loop that should have run until the end broke: a defect, told in the log.</summary>
    public const int BrokenLoop = 70; // EX_SOFTWARE of sysexits.h

    /// <summary>
    /// Runs a program until it is stopped or one of its loops breaks. By itself, a host that stops for a broken loop ends like one that was asked to.
    /// </summary>
    /// <returns><see cref="BrokenLoop"/>, else what the process was given as its exit code.</returns>
    public static async Task<int> RunToExitCodeAsync(this IHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var loops = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList(); // before the host ends and disposes of them
        await host.RunAsync(cancellationToken);
        return loops.Exists(loop => loop.ExecuteTask is { IsFaulted: true }) ? BrokenLoop : Environment.ExitCode;
    }
}
