using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Recording;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;
using Operators.Registry;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>Puts together what flows into the audit log beside commands.</summary>
internal static class IngestionServices
{
    public static IServiceCollection AddAuditIngestion(this IServiceCollection services)
    {
        services.AddSingleton<EventIngestion>();
        services.AddSingleton<OwnIdentity>();
        services.AddSingleton<PseudonymKey>();
        services.AddSingleton(static provider => new Pseudonyms(provider.GetRequiredService<PseudonymKey>().GetAsync));
        services.AddSingleton<OwnerAddresses>();
        services.AddSingleton(static provider => new KubernetesIngestion(
            provider.GetRequiredService<Authorizer>(),
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<OwnIdentity>(),
            new KubernetesEntry(provider.GetRequiredService<FleetCaches>(), provider.GetRequiredService<Pseudonyms>())));
        services.AddSingleton<ReconcileRecorder>();
        services.AddSingleton<IChangeObserver>(static provider => provider.GetRequiredService<ReconcileRecorder>());
        return services;
    }
}
