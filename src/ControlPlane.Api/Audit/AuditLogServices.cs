using Compliance.Audit;
using Compliance.Audit.Personal;
using Compliance.Audit.Sequencing;
using Compliance.Retention;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Audit.Storage.Postgres;
using ControlPlane.Api.Audit.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Audit;

/// <summary>Where the audit log is kept. Nothing here turns it off.</summary>
public sealed record AuditStoreOptions
{
    /// <summary>Directory for the log's files: <c>audit.db</c>, and in any case the master key of personal data.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>PostgreSQL server to keep it on instead; null for SQLite in the data directory.</summary>
    public string? PostgresConnection { get; init; }

    /// <summary>File with a company's own retention rules in the place of those that ship with the product; null for those.</summary>
    public string? RetentionRules { get; init; }

    /// <summary>As whom tables are made in PostgreSQL, so that the role of the program owns none; null when that is the same.</summary>
    public string? PostgresOwnerConnection { get; init; }
}

/// <summary>Registers the audit log.</summary>
public static class AuditLogServices
{
    /// <summary>
    /// Adds the log, its reader, its vault for personal data and the host that opens it first and closes it last. The caller registers an
    /// <see cref="ICheckpointSigner"/> of the same origin.
    /// </summary>
    public static IServiceCollection AddAuditLog(this IServiceCollection services, AuditStoreOptions storage, AuditLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddSingleton<AuditAlarms>();
        services.AddSingleton<IAuditAlarm>(provider => provider.GetRequiredService<AuditAlarms>());
        services.AddSingleton<IAuditStore>(_ => storage.PostgresConnection is { } connection
            ? new PostgresAuditStore(connection, storage.PostgresOwnerConnection)
            : new SqliteAuditStore(Path.Combine(storage.DataDirectory, "audit.db")));
        services.AddSingleton<IPersonalStore>(_ => storage.PostgresConnection is { } connection
            ? new PostgresPersonalStore(connection)
            : new SqlitePersonalStore(Path.Combine(storage.DataDirectory, "personal.db")));
        services.AddSingleton(provider => new PersonalRecords(provider.GetRequiredService<IPersonalStore>(), () => MasterKeyFile.LoadOrCreate(Path.Combine(storage.DataDirectory, "personal.key"))));
        services.AddSingleton<IPersonalKeeper>(provider => provider.GetRequiredService<PersonalRecords>());
        services.AddSingleton<IPersonalVault>(provider => provider.GetRequiredService<PersonalRecords>());
        services.AddSingleton<AuditSequencer>();
        services.AddSingleton<IAuditLog>(provider => new AddressFreeLog(provider.GetRequiredService<AuditSequencer>(), provider.GetRequiredService<OwnerAddresses>()));
        services.AddSingleton<IAuditReader, AuditLogReader>();
        services.AddSingleton<IPrunableLog, SequencedLog>();
        services.AddSingleton(_ => new RetentionPolicy(storage.RetentionRules is { } rules ? RetentionRules.Parse(File.ReadAllText(rules)) : RetentionRules.LoadShipped()));
        services.AddSingleton<AuditLogHost>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditLogHost>());
        return services;
    }
}
