using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Api.Store;

/// <summary>
/// The control plane's own data: users, tokens, approvals, jobs. What a table holds is said beside the feature that it belongs to, by an
/// <see cref="IEntityTypeConfiguration{T}"/>; every one in this assembly is found. One model for both databases; each has its own migrations.
/// </summary>
public abstract class ControlPlaneContext(DbContextOptions options) : DbContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ControlPlaneContext).Assembly);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicroseconds>();
    }

    /// <summary>Both databases sort and compare numbers; SQLite can't do so with the text of a time.</summary>
    private sealed class UtcMicroseconds() : ValueConverter<DateTimeOffset, long>(
        time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        number => DateTimeOffset.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond));
}
