using ControlPlane.Api.Hosting;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Shell;
using LocalCluster;
using Serilog;

namespace ControlPlane.Web.Startup;

/// <summary>Starts what the command line asks for: the composition root of the whole program.</summary>
internal static class HostRunner
{
    /// <summary>Exit code when the program can't start as asked.</summary>
    private const int CannotStart = 1;

    public static async Task<int> RunAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await using var embedded = UsesEmbeddedCluster(settings)
                ? await LocalClusterServer.StartAsync(
                    new LocalClusterOptions { DataDirectory = settings.DataDirectory, Port = settings.ClusterPort }, cancellationToken: cancellationToken)
                : null;
            await using var app = Build(settings, embedded?.Address);
            if (embedded is not null)
            {
                await EmbeddedFleet.InstallAsync(app.Services.GetRequiredService<KubeApi>(), settings.DataDirectory, cancellationToken);
            }

            await app.RunAsync(cancellationToken);
            return Environment.ExitCode;
        }
        catch (Exception e) when (e is LocalClusterException or StartupException)
        {
            await Console.Error.WriteLineAsync($"dabbawala can't start: {e.Message}");
            return CannotStart;
        }
    }

    private static bool UsesEmbeddedCluster(HostSettings settings) => settings.Kubeconfig is null && !KubeConnection.IsInCluster;

    private static WebApplication Build(HostSettings settings, Uri? embedded)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(settings.Urls.Split(';'));
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSerilog(Logging.Configure);
        builder.Services.AddSingleton(provider => Connect(settings, embedded, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddControlPlane(new ControlPlaneOptions
        {
            Roles = settings.Roles,
            LeaderLease = embedded is null ? new ObjectKey(settings.SystemNamespace, "dabbawala-operators") : null,
        });
        if (settings.Roles.HasFlag(ControlPlaneRoles.Console))
        {
            builder.Services.AddConsole();
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapControlPlane(app.Services.GetRequiredService<ControlPlaneOptions>());
        if (settings.Roles.HasFlag(ControlPlaneRoles.Console))
        {
            app.MapConsole();
        }

        return app;
    }

    private static KubeConnection Connect(HostSettings settings, Uri? embedded, RuntimeMetrics metrics)
    {
        if (embedded is not null)
        {
            return KubeConnection.Anonymous(embedded, metrics);
        }

        try
        {
            return settings.Kubeconfig is null ? KubeConnection.InCluster(metrics) : KubeConnection.FromKubeconfig(settings.Kubeconfig, settings.Context, metrics);
        }
        catch (Exception e) when (e is k8s.Exceptions.KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException)
        {
            throw new StartupException($"the kubeconfig {settings.Kubeconfig} can't be used: {e.Message}", e);
        }
    }
}

/// <summary>The program can't start as asked; the message says why and what to do.</summary>
internal sealed class StartupException(string message, Exception cause) : Exception(message, cause);
