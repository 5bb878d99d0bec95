using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Actors;
using ControlPlane.Api.Audit.Health;
using ControlPlane.Api.Audit.Personal;
using ControlPlane.Api.Audit.Retention;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Audit.Witnessing;
using ControlPlane.Api.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Audit;

/// <summary>
/// Puts together what shows the log. Somebody else registers the log itself: <c>IAuditLog</c>, <c>IAuditReader</c>, <c>IPersonalVault</c>,
/// <see cref="AuditKeys"/> and <see cref="ReadAuditHealth"/>.
/// </summary>
internal static class AuditReading
{
    public static IServiceCollection AddAuditReading(this IServiceCollection services)
    {
        services.TryAddSingleton<CallerContext>();
        services.TryAddSingleton<Authorizer>();
        services.TryAddSingleton<ReadCosignedCheckpoint>(static _ => Task.FromResult<string?>(null)); // without witnesses
        services.AddSingleton<AuditSearch>();
        services.AddSingleton<ActorNames>();
        services.AddSingleton<AuditEntryQuery>();
        services.AddSingleton<AuditVerification>();
        services.AddSingleton<AuditHealthQuery>();
        services.AddSingleton<PersonalDataReveal>();
        services.AddSingleton<HistoryQuery>();
        services.AddSingleton<IHostedService, HistoryRecorder>();
        return services.AddRetention();
    }
}
