using Compliance.Audit;
using Compliance.Audit.Packages;
using Compliance.Audit.Personal;
using Compliance.Audit.Testing;
using Compliance.Retention;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Audit.Health;
using ControlPlane.Api.Audit.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Records that stay in memory, in the place of <c>AddRecords</c>.</summary>
internal static class TestRecords
{
    /// <param name="services">Where to.</param>
    /// <param name="recorded">Takes what is appended, for tests of recording.</param>
    /// <param name="read">Takes the same, and is what is read.</param>
    /// <param name="exports">Directory of exports.</param>
    public static IServiceCollection AddTestRecords(this IServiceCollection services, InMemoryAuditLog recorded, MemoryLog read, string exports)
    {
        var personal = new PersonalRecords(new MemoryPersonalStore(), static () => new byte[32]);
        read.Personal = personal;
        services.AddSingleton<IAuditLog>(new BothLogs(recorded, read));
        services.AddSingleton<IAuditReader>(read);
        services.AddSingleton(new AuditKeys(read.Signer.Verifier, []));
        services.AddSingleton(new ExportKeys(read.Signer, []));
        services.AddSingleton<ReadAuditHealth>(() => null);
        services.AddSingleton(personal);
        services.AddSingleton<IPersonalVault>(personal);
        services.AddSingleton<IPrunableLog>(read);
        services.AddSingleton(new RetentionPolicy(RetentionRules.LoadShipped()));
        return services.AddExports(new ExportOptions(exports));
    }
}
