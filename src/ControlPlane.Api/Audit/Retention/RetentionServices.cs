using Compliance.Audit;
using Compliance.Audit.Personal;
using Compliance.Retention;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Erasures;
using ControlPlane.Api.Audit.Holds;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;

namespace ControlPlane.Api.Audit.Retention;

/// <summary>How records are removed when their time is over.</summary>
/// <param name="PrunesDaily">True for by themselves, once a day; false for only when somebody runs it.</param>
public sealed record RetentionOptions(bool PrunesDaily = true);

/// <summary>
/// Puts retention, legal holds and erasure together. Somebody else registers the log, the vault (<c>PersonalRecords</c>), the
/// <see cref="IPrunableLog"/> and the <see cref="RetentionPolicy"/>.
/// </summary>
internal static class RetentionServices
{
    private const string Daily = "0 50 21 * * ?"; // 03:20 in India, when few wait for the log
    private const string Job = "retention";

    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.TryAddSingleton(new RetentionOptions());
        services.AddSingleton<RetentionLedger>();
        services.AddSingleton<AuditPruner>();
        services.AddSingleton<ErasurePlanner>();
        services.AddSingleton<PersonalErasure>();
        services.AddSingleton<PersonalExpiry>();
        services.AddSingleton<RetentionQuery>();
        services.AddSingleton<HoldQuery>();
        services.AddSingleton(static provider => new SubjectSearch(
            provider.GetRequiredService<CommandGate>(),
            provider.GetRequiredService<IPersonalVault>(),
            provider.GetRequiredService<ErasurePlanner>(),
            provider.GetRequiredService<IAuditReader>(),
            provider.GetRequiredService<IDbContextFactory<ControlPlaneContext>>(),
            provider.GetRequiredService<Pseudonyms>(),
            provider.GetRequiredService<OwnerAddresses>()));
        services.AddSingleton<ErasureQuery>();
        AddCommand<PruneCommand>(services);
        AddCommand<PlaceHold>(services);
        AddCommand<ReleaseHold>(services);
        AddCommand<EraseCommand>(services);
        services.AddTransient<RetentionJob>();
        return services.AddQuartz(static quartz =>
        {
            quartz.AddJob<RetentionJob>(job => job.WithIdentity(Job));
            quartz.AddTrigger(trigger => trigger.ForJob(Job).WithSchedule(CronScheduleBuilder.Create(Daily).InTimeZone(TimeZoneInfo.Utc)));
        });
    }

    private static void AddCommand<T>(IServiceCollection services)
        where T : class, IApprovableCommand
    {
        services.AddSingleton<T>();
        services.AddSingleton<IApprovableCommand>(static provider => provider.GetRequiredService<T>());
    }
}
