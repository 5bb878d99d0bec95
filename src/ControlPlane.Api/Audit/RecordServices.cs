using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Audit.Health;
using ControlPlane.Api.Audit.Retention;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Audit.Witnessing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Audit;

/// <summary>How records are kept. Nothing here turns them off.</summary>
public sealed record RecordOptions
{
    /// <summary>Directory for the log's key, its files and exports.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>PostgreSQL server to keep the log on; null for SQLite in the data directory. Holds a secret.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>As whom its tables are made there, so that the program's own role owns none; null when that is the same. Holds a secret.</summary>
    public string? PostgreSqlOwner { get; init; }

    /// <summary>Name of the log: in every entry, checkpoint and key. It can't be changed later.</summary>
    public string Origin { get; init; } = "dabbawala/audit";

    /// <summary>Root that the log goes on from although another was recorded; null for none (<see cref="AuditLogOptions.AcceptedRoot"/>).</summary>
    public TreeHash? AcceptedRoot { get; init; }

    /// <summary>Witnesses that are asked to cosign.</summary>
    public IReadOnlyList<WitnessAddress> Witnesses { get; init; } = [];

    /// <summary>Whose records they are, for the certificate of an export.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>Device or source of the records, for the certificate.</summary>
    public string Device { get; init; } = "";

    /// <summary>File with a company's own retention rules, in the form of those that ship with the product; null for those.</summary>
    public string? RetentionRules { get; init; }

    /// <summary>True to prune by itself once a day what is over its time; false for only when somebody runs it.</summary>
    public bool PrunesDaily { get; init; } = true;
}

/// <summary>Puts the audit log together with its key, its witnesses and its exports.</summary>
public static class RecordServices
{
    /// <summary>Adds them; makes the log's key on the first start.</summary>
    /// <exception cref="NoteException">The key's file can't be used.</exception>
    public static IServiceCollection AddRecords(this IServiceCollection services, RecordOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.DataDirectory);
        var key = NoteKeyFile.ReadOrCreate(Path.Combine(options.DataDirectory, "audit.key"), options.Origin);
        IReadOnlyList<NoteVerifier> witnesses = [.. options.Witnesses.Select(static witness => witness.Key)];
        services.AddSingleton<ICheckpointSigner>(new LogSigner(key));
        services.AddSingleton(new AuditKeys(key.Verifier, witnesses));
        services.AddSingleton(new ExportKeys(key, witnesses));
        services.AddAuditLog(
            new AuditStoreOptions
            {
                DataDirectory = options.DataDirectory,
                PostgresConnection = options.PostgreSql,
                PostgresOwnerConnection = options.PostgreSqlOwner,
                RetentionRules = options.RetentionRules,
            },
            new AuditLogOptions { Origin = options.Origin, AcceptedRoot = options.AcceptedRoot });
        services.AddSingleton(new RetentionOptions(options.PrunesDaily));
        services.AddSingleton<ReadAuditHealth>(provider => () => provider.GetRequiredService<AuditLogHost>().Health);
        services.AddExports(new ExportOptions(Path.Combine(options.DataDirectory, "exports")) { Organisation = options.Organisation, Device = options.Device });
        return options.Witnesses.Count > 0 ? AddWitnesses(services, options) : services;
    }

    private static IServiceCollection AddWitnesses(IServiceCollection services, RecordOptions options)
    {
        services.AddHttpClient<WitnessClient>();
        services.AddSingleton(provider => new WitnessRound(
            provider.GetRequiredService<IAuditReader>(),
            provider.GetRequiredService<WitnessClient>(),
            options.Witnesses,
            Path.Combine(options.DataDirectory, "audit.cosigned"),
            provider.GetRequiredService<IAuditAlarm>(),
            provider.GetRequiredService<ILogger<WitnessRound>>()));
        services.AddSingleton<ReadCosignedCheckpoint>(provider => provider.GetRequiredService<WitnessRound>().LatestCosignedAsync);
        return services.AddHostedService<WitnessService>();
    }

    /// <summary>Signs with the key of the log.</summary>
    private sealed class LogSigner(NoteSigner key) : ICheckpointSigner
    {
        public string Key => key.Verifier.ToString();

        public string Sign(long size, TreeHash root, DateTimeOffset at) => new Checkpoint(key.Verifier.Name, size, root).Sign(key).ToString();
    }
}
