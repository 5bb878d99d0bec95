using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Kubernetes.Tests.Hosting;

public sealed class ExitCodesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loop_that_breaks_ends_the_process_with_a_failure_of_its_own_kind()
    {
        using var host = Running(new Loop(_ => Task.FromException(new InvalidOperationException("a defect"))));
        var code = host.RunToExitCodeAsync(Token);
        await Patience.For(code, "the process goes on");

        Assert.Equal(ExitCodes.BrokenLoop, await code);
        Assert.NotEqual(ControllerHost.LostLeadershipExitCode, ExitCodes.BrokenLoop);
    }

    [Fact]
    public async Task A_process_that_is_stopped_ends_well()
    {
        using var host = Running(new Loop(token => Task.Delay(Timeout.Infinite, token)));
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var stop = lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        var code = host.RunToExitCodeAsync(Token);
        await Patience.For(code, "the process goes on");

        Assert.Equal(0, await code);
    }

    private static IHost Running(BackgroundService loop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostedService>(loop);
        return builder.Build();
    }

    private sealed class Loop(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }
}
