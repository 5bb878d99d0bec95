using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Rollouts.Cost;
using ControlPlane.Kubernetes.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;

namespace ControlPlane.Api.Rollouts;

/// <summary>Puts queries and commands of rollouts together.</summary>
internal static class RolloutServices
{
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.AddSingleton<RolloutInstances>();
        services.AddSingleton(static provider => new RolloutQuery(
            provider.GetRequiredService<FleetCaches>(),
            provider.GetRequiredService<RolloutInstances>(),
            provider.GetRequiredService<Authorizer>(),
            ResourcePrices.Read(provider.GetService<IConfiguration>()),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new RolloutCommands(
            provider.GetRequiredService<FleetCaches>(),
            provider.GetRequiredService<KubeApi>(),
            provider.GetRequiredService<CommandGate>(),
            provider.GetRequiredService<Authorizer>()));
        foreach (var action in RolloutActions.All)
        {
            services.AddSingleton<IApprovableCommand>(provider => new ApprovableRolloutCommand(action, provider.GetRequiredService<RolloutCommands>()));
        }

        return services;
    }
}
