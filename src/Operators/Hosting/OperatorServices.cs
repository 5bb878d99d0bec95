using System.Diagnostics.Metrics;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Leadership;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Metrics;
using Operators.Registry;
using Operators.Traffic;

namespace Operators.Hosting;

/// <summary>Puts the operators together. The caller registers a <see cref="KubeConnection"/>: which cluster is not ours to say.</summary>
public static class OperatorServices
{
    /// <summary>Adds what is known of the cluster, for operators and for those who only look. Somebody must run the caches (<see cref="InformerHost"/>).</summary>
    /// <param name="services">Where to.</param>
    /// <param name="followsEvents">False where nobody asks for events.</param>
    public static IServiceCollection AddFleet(this IServiceCollection services, bool followsEvents = true)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new RuntimeMetrics(provider.GetRequiredService<IMeterFactory>().Create(RuntimeMetrics.MeterName)));
        services.AddSingleton<KubeApi>();
        services.AddSingleton<ApiDiscovery>();
        services.AddSingleton(provider => new FleetCaches(
            provider.GetRequiredService<KubeApi>(),
            provider.GetRequiredService<RuntimeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            followsEvents));
        services.AddSingleton(provider => new FleetGraph(provider.GetRequiredService<FleetCaches>()));
        services.AddSingleton<InstanceDirectory>();
        services.TryAddSingleton(TrafficOptions.Default);
        services.AddSingleton<ProviderChoice>();
        services.AddSingleton<TrafficPlanner>();
        services.AddTrafficMetrics();
        services.AddSingleton<BaselinePlanner>();
        services.TryAddSingleton<IPodNetwork, ClusterPodNetwork>();
        return services;
    }

    /// <summary>Adds the operators, as hosted services.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="identity">Name of this process among its replicas.</param>
    /// <param name="leaderLease">The Lease by which replicas elect the one that runs the operators; null when there can be no other.</param>
    public static IServiceCollection AddOperators(this IServiceCollection services, string identity, ObjectKey? leaderLease)
    {
        services.AddSingleton<WriteTracker>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Applier>(provider, FleetApi.OperatorFieldManager));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<StatusWriter>(provider, FleetApi.OperatorFieldManager));
        services.AddSingleton(provider => new EventRecorder(
            provider.GetRequiredService<KubeApi>(),
            FleetApi.OperatorFieldManager,
            identity,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EventRecorder>>()));
        services.AddHostedService(provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<ChangeTeller>();
        services.AddSingleton<ServiceValidator>();
        services.AddSingleton<ServiceReconciler>();
        services.AddHostedService<HealthProber>();
        services.AddSingleton(provider => RegistryController.Build(
            provider.GetRequiredService<FleetCaches>(),
            provider.GetRequiredService<FleetGraph>(),
            provider.GetRequiredService<ProviderChoice>(),
            provider.GetRequiredService<WriteTracker>(),
            provider.GetRequiredService<ServiceReconciler>(),
            provider.GetRequiredService<RuntimeMetrics>(),
            provider.GetServices<IReconcileObserver>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Controller>>()));
        services.AddTraffic();
        services.AddRollouts();
        services.AddHostedService(provider => new ControllerHost(
            provider.GetServices<Controller>(),
            leaderLease is { } lease ? Elector(provider, identity, lease) : null,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<ControllerHost>>()));
        return services;
    }

    private static LeaseElector Elector(IServiceProvider provider, string identity, ObjectKey lease) => new(
        provider.GetRequiredService<KubeApi>(),
        new LeaseElectorOptions { Lease = lease, Identity = identity },
        provider.GetRequiredService<RuntimeMetrics>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<LeaseElector>>());
}
