using Compliance.Audit.Notes;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Store;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Shell;
using LocalCluster;
using LocalCluster.NodeAgent;
using Microsoft.AspNetCore.Connections;
using Operators.Rollouts;
using Operators.Traffic;
using Serilog;
using Serilog.Extensions.Logging;

namespace ControlPlane.Web.Startup;

/// <summary>Starts what the command line asks for: the composition root of the whole program.</summary>
internal static class HostRunner
{
    /// <summary>Exit code when the program can't start as asked.</summary>
    private const int CannotStart = 1;

    public static async Task<int> RunAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        if (settings.SignInLink)
        {
            return await SignInLink.PrintAsync(settings, cancellationToken);
        }

        await using var logger = Logging.Create();
        using var loggers = new SerilogLoggerFactory(logger);
        try
        {
            await using var embedded = UsesEmbeddedCluster(settings) ? new EmbeddedCluster(settings, loggers) : null;
            await using var app = Build(settings, embedded, logger);
            if (embedded is not null)
            {
                // Beside each other, for both take a second to load their code; the host then finds the store up to date.
                await Task.WhenAll(StartClusterAsync(embedded, app, settings, cancellationToken), app.Services.GetRequiredService<StoreMigration>().ApplyAsync(cancellationToken));
            }

            return await app.RunToExitCodeAsync(cancellationToken);
        }
        catch (Exception e) when (e is LocalClusterException or StartupException or NoteException)
        {
            await Console.Error.WriteLineAsync($"dabbawala can't start: {e.Message}");
            return CannotStart;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"dabbawala can't start: another process listens on one of {settings.Urls}; stop it, or choose other addresses with --urls");
            return CannotStart;
        }
    }

    private static bool UsesEmbeddedCluster(HostSettings settings) => settings.Kubeconfig is null && !KubeConnection.IsInCluster;

    private static async Task StartClusterAsync(EmbeddedCluster cluster, WebApplication app, HostSettings settings, CancellationToken cancellationToken)
    {
        await cluster.StartAsync(cancellationToken);
        await EmbeddedFleet.InstallAsync(app.Services.GetRequiredService<KubeApi>(), settings, cancellationToken);
    }

    private static WebApplication Build(HostSettings settings, EmbeddedCluster? embedded, Serilog.ILogger logger)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls(settings.Urls.Split(';'));
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSerilog(logger);
        builder.Services.AddSingleton(provider => Connect(settings, embedded, provider.GetRequiredService<RuntimeMetrics>()));
        if (embedded is not null)
        {
            builder.Services.AddSingleton(embedded.Audit).AddHostedService<EmbeddedAudit.Sender>();
        }

        AddSimulation(builder.Services, settings, embedded);
        builder.Services.AddSingleton(Read(builder.Configuration, TrafficOptions.Read));
        builder.Services.AddSingleton(Read(builder.Configuration, RolloutOptions.Read));
        builder.Services.AddRecords(RecordSettings.Read(builder.Configuration, settings));
        builder.Services.AddControlPlane(new ControlPlaneOptions
        {
            Roles = settings.Roles,
            DataDirectory = settings.DataDirectory,
            PostgreSql = settings.PostgreSql,
            Access = AccessSettings.Read(builder.Configuration, settings),
            ClusterName = embedded is null ? settings.Context ?? "cluster" : "embedded cluster",
            LeaderLease = embedded is null ? new ObjectKey(settings.SystemNamespace, "dabbawala-operators") : null,
        });
        if (settings.Roles.HasFlag(ControlPlaneRoles.Console))
        {
            builder.Services.AddConsole();
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAccess();
        app.MapControlPlane(app.Services.GetRequiredService<ControlPlaneOptions>());
        if (settings.Roles.HasFlag(ControlPlaneRoles.Console))
        {
            app.MapConsole();
        }

        return app;
    }

    /// <summary>Hosted services stop in the opposite order: what runs the cluster comes first, and so outlives what looks at it.</summary>
    private static void AddSimulation(IServiceCollection services, HostSettings settings, EmbeddedCluster? embedded)
    {
        if (settings.BareCluster || (embedded is null && !settings.NodeAgent))
        {
            return;
        }

        services.AddSimulatedCluster(metrics => Connect(settings, embedded, metrics));
        if (embedded is not null)
        {
            services.AddWorkloadControllers();
        }

        services.AddSimulatedNodes(embedded is null ? NodeAgentOptions.ForRealCluster : new NodeAgentOptions());
        services.AddEmbeddedGateway();
        if (embedded is not null)
        {
            services.AddMadeUpShoppers(settings.DataDirectory);
        }
    }

    private static T Read<T>(IConfiguration configuration, Func<IConfiguration, T> read)
    {
        try
        {
            return read(configuration);
        }
        catch (FormatException e)
        {
            throw new StartupException(e.Message, e);
        }
    }

    private static KubeConnection Connect(HostSettings settings, EmbeddedCluster? embedded, RuntimeMetrics metrics)
    {
        if (embedded is not null)
        {
            return KubeConnection.Anonymous(embedded.Address, metrics);
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
internal sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
