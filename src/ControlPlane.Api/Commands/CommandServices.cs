using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Idempotency;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Onboarding;
using ControlPlane.Api.Traffic.Editing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Api.Commands;

/// <summary>Puts together what changes anything. Somebody else registers the audit log: where it is stored is not ours to say.</summary>
internal static class CommandServices
{
    public static IServiceCollection AddCommands(this IServiceCollection services)
    {
        services.TryAddSingleton<CallerContext>();
        services.TryAddSingleton<Authorizer>();
        services.TryAddSingleton(static provider => CommandPolicy.Read(provider.GetService<IConfiguration>()));
        services.AddSingleton<AuditOutbox>();
        services.AddHostedService(static provider => provider.GetRequiredService<AuditOutbox>());
        services.AddSingleton<ApprovalDesk>();
        services.AddSingleton<IApprovalDesk>(static provider => provider.GetRequiredService<ApprovalDesk>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallerDirectory, StoredGrants>());
        services.AddSingleton<ApprovalDecisions>();
        services.AddSingleton<ApprovalQuery>();
        services.AddHostedService<ApprovalExpiry>();
        services.AddHostedService<ApprovalWatch>();
        services.AddSingleton<IdempotentAnswers>();
        services.AddHostedService<IdempotencyCleaning>();
        services.AddSingleton<CommandGate>();
        services.AddSingleton<ManifestSubjects>();
        services.AddSingleton<ManifestCommands>();
        services.AddSingleton<IApprovableCommand>(static provider => provider.GetRequiredService<ManifestCommands>());
        services.AddSingleton<PolicyEditor>();
        services.AddSingleton<IApprovableCommand>(static provider => provider.GetRequiredService<PolicyEditor>());
        services.AddSingleton<PolicySchemas>();
        services.AddSingleton<HandOverCommand>();
        services.AddSingleton<IApprovableCommand>(static provider => provider.GetRequiredService<HandOverCommand>());
        return services;
    }
}
