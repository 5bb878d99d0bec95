using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Operators.Cluster;
using Operators.Rollouts;
using Operators.Rollouts.Evidence;
using Operators.Rollouts.Holds;
using Operators.Rollouts.Revisions;

namespace Operators.Hosting;

/// <summary>Puts the rollout operator together.</summary>
internal static class RolloutServices
{
    public static void AddRollouts(this IServiceCollection services)
    {
        services.TryAddSingleton(new RolloutOptions());
        services.AddSingleton<RolloutValidator>();
        services.AddSingleton<RolloutObserver>();
        services.AddSingleton<RevisionKeeper>();
        services.AddRolloutEvidence();
        services.AddSingleton<IRolloutHolds, FreezeHolds>();
        services.AddSingleton<RolloutPlaces>();
        services.AddSingleton<IRolloutHolds, ErrorBudgetHolds>();
        services.AddSingleton<RolloutReconciler>();
        services.AddSingleton(static provider => RolloutController.Build(
            provider.GetRequiredService<FleetCaches>(),
            provider.GetRequiredService<WriteTracker>(),
            provider.GetRequiredService<RolloutReconciler>(),
            provider.GetRequiredService<RuntimeMetrics>(),
            provider.GetServices<IReconcileObserver>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Controller>>()));
    }
}
