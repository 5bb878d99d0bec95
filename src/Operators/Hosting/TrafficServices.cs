using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Operators.Cluster;
using Operators.Registry;
using Operators.Traffic;

namespace Operators.Hosting;

/// <summary>Puts the traffic operator together: one controller for services, and one for the status of each kind of policy.</summary>
internal static class TrafficServices
{
    public static void AddTraffic(this IServiceCollection services)
    {
        services.AddSingleton<TrafficLedger>();
        services.AddSingleton<TrafficReconciler>();
        services.AddSingleton(static provider => TrafficController.Build(
            provider.GetRequiredService<FleetCaches>(),
            provider.GetRequiredService<FleetGraph>(),
            provider.GetRequiredService<WriteTracker>(),
            provider.GetRequiredService<TrafficReconciler>(),
            provider.GetRequiredService<RuntimeMetrics>(),
            provider.GetServices<IReconcileObserver>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Controller>>()));
        services.AddPolicyStatus<TrafficPolicy, TrafficPolicySpec>(TrafficPolicy.ResourceType, static caches => caches.Policies.Traffic);
        services.AddPolicyStatus<RateLimitPolicy, RateLimitPolicySpec>(RateLimitPolicy.ResourceType, static caches => caches.Policies.RateLimits);
        services.AddPolicyStatus<CircuitPolicy, CircuitPolicySpec>(CircuitPolicy.ResourceType, static caches => caches.Policies.Circuits);
    }

    private static void AddPolicyStatus<TPolicy, TSpec>(this IServiceCollection services, ResourceType type, Func<FleetCaches, Informer<TPolicy>> policies)
        where TPolicy : CustomResource<TSpec, PolicyStatus>
        where TSpec : class, IPolicySpec, new() =>
        services.AddSingleton(provider => ActivatorUtilities
            .CreateInstance<PolicyReconciler<TPolicy, TSpec>>(provider, policies(provider.GetRequiredService<FleetCaches>()), type)
            .BuildController(
                provider.GetRequiredService<RuntimeMetrics>(),
                provider.GetServices<IReconcileObserver>(),
                provider.GetRequiredService<ILogger<Controller>>()));
}
