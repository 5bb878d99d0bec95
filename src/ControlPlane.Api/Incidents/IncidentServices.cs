using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;
using Operators.Rollouts.Holds;

namespace ControlPlane.Api.Incidents;

/// <summary>Puts incidents together.</summary>
internal static class IncidentServices
{
    /// <summary>Adds what people ask for.</summary>
    public static IServiceCollection AddIncidents(this IServiceCollection services) => services
        .AddSingleton<IncidentBook>()
        .AddSingleton(static provider => new IncidentQuery(provider.GetRequiredService<FleetCaches>(), provider.GetRequiredService<IncidentBook>(), provider.GetRequiredService<Authorizer>()))
        .AddSingleton(static provider => new IncidentCommands(
            provider.GetRequiredService<FleetCaches>(),
            provider.GetRequiredService<IncidentBook>(),
            provider.GetRequiredService<CommandGate>(),
            provider.GetRequiredService<Authorizer>(),
            provider.GetRequiredService<TimeProvider>()));

    /// <summary>Adds what incidents do to rollouts and rollouts to incidents, where operators run.</summary>
    public static IServiceCollection AddIncidentsOfRollouts(this IServiceCollection services) => services
        .AddSingleton<IRolloutHolds, IncidentHolds>()
        .AddHostedService<RolloutIncidents>();
}
