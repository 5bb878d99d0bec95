using System.Text.Json.Serialization;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Activity;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Cluster;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Incidents;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Notifications;
using ControlPlane.Api.Onboarding;
using ControlPlane.Api.Plans;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Rollouts;
using ControlPlane.Api.Store;
using ControlPlane.Api.Traffic;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Api.Traffic.Generator;
using ControlPlane.Api.Traffic.Map;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Hosting;
using Operators.Onboarding.Existing;
using Operators.Registry;

namespace ControlPlane.Api.Hosting;

/// <summary>
/// Puts the control plane together. The caller registers a <see cref="KubeConnection"/>, as which cluster is not ours to say, and the records
/// (<see cref="RecordServices"/>).
/// </summary>
public static class ControlPlaneServices
{
    /// <summary>Adds what every role needs, and the operators where they run.</summary>
    public static IServiceCollection AddControlPlane(this IServiceCollection services, ControlPlaneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddStore(new StoreOptions(options.DataDirectory, options.PostgreSql));
        services.AddAccess(options);
        var isAsked = options.Roles != ControlPlaneRoles.Operators;
        AddCluster(services, isAsked);
        AddQueries(services, isAsked);
        services.AddCommands().AddRollouts().AddIncidents().AddAuditIngestion().AddAuditReading();
        if (options.Roles.HasFlag(ControlPlaneRoles.Operators))
        {
            services.AddOperators(options.Identity, options.LeaderLease).AddNotifications().AddIncidentsOfRollouts();
        }

        ProblemMapping.Add(services);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // else a parameter that does not fit is a problem without words
        services.AddOpenApi();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        services.AddHealthChecks().AddCheck<CacheHealthCheck>("caches", tags: [CacheHealthCheck.Tag]);
        return services.AddControlPlaneTelemetry();
    }

    /// <param name="services">Where to.</param>
    /// <param name="isAsked">False: nobody can ask this process anything, so that answers need not be kept ready.</param>
    private static void AddCluster(IServiceCollection services, bool isAsked)
    {
        services.AddFleet(followsEvents: isAsked);
        services.AddSingleton<ServiceLookup>();
        services.AddSingleton<ClusterMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterMonitor>());
        services.AddSingleton<IHostedService>(provider =>
        {
            // These follow the caches from the first event on, whether or not anybody has asked them yet.
            provider.GetRequiredService<InstanceDirectory>();
            if (isAsked)
            {
                provider.GetRequiredService<FleetQuery>();
                provider.GetRequiredService<ServiceFeed>();
                provider.GetRequiredService<RolloutQuery>();
                provider.GetRequiredService<ActivityLog>();
            }

            return new InformerHost(provider.GetRequiredService<FleetCaches>().All);
        });
    }

    private static void AddQueries(IServiceCollection services, bool isAsked)
    {
        services.AddSingleton<FleetQuery>();
        services.AddSingleton<ServiceQuery>();
        services.AddSingleton<ServiceFeed>();
        services.AddSingleton<InstanceQuery>();
        services.AddSingleton<GraphQuery>();
        services.AddSingleton<EffectivePolicyQuery>();
        services.AddSingleton<PolicyQuery>();
        services.AddSingleton<GeneratorControl>();
        services.AddSingleton<TrafficMapQuery>();
        services.AddSingleton<CallerQuery>();
        services.AddGateways();
        services.AddSingleton<ManifestJudge>();
        services.AddSingleton<PlanService>();
        services.AddSingleton<NamespaceReader>();
        services.AddSingleton<OnboardingQuery>();
        services.AddSingleton<HandOverQuery>();
        services.AddSingleton<ActivityLog>();
        if (isAsked)
        {
            services.AddSingleton<IReconcileObserver>(provider => provider.GetRequiredService<ActivityLog>());
            services.AddSingleton<IChangeObserver>(provider => provider.GetRequiredService<ActivityLog>());
        }
    }
}

/// <summary>Ready once every cache is filled; degraded while a cache can't follow the cluster.</summary>
internal sealed class CacheHealthCheck(FleetCaches caches) : IHealthCheck
{
    public const string Tag = "ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var empty = caches.All.Where(informer => !informer.Synced.IsCompleted).Select(informer => informer.Type.QualifiedName).ToList();
        if (empty.Count > 0)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy($"not yet filled: {string.Join(", ", empty)}"));
        }

        var behind = caches.All.Where(informer => informer.State.Phase == CachePhase.Disconnected).Select(informer => informer.Type.QualifiedName).ToList();
        return Task.FromResult(behind.Count > 0
            ? HealthCheckResult.Degraded($"can't follow the cluster: {string.Join(", ", behind)}")
            : HealthCheckResult.Healthy());
    }
}
