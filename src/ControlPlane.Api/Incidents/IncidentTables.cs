using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Api.Incidents;

/// <summary>How incidents are stored: what is asked by is a column, services are JSON.</summary>
internal sealed class IncidentTables : IEntityTypeConfiguration<Incident>, IEntityTypeConfiguration<IncidentNote>
{
    /// <summary>Column that says to which incident a note belongs.</summary>
    public const string Number = "Number";

    public void Configure(EntityTypeBuilder<Incident> builder)
    {
        builder.ToTable("incidents");
        builder.HasKey(incident => incident.Number);
        builder.Property(incident => incident.Number).ValueGeneratedOnAdd();
        builder.Ignore(incident => incident.Id);
        builder.Property(incident => incident.Severity).HasConversion<string>().HasMaxLength(8);
        builder.Property(incident => incident.Title).HasMaxLength(Incident.LongestTitle);
        builder.Property(incident => incident.Source).HasMaxLength(600);
        builder.Property(incident => incident.DeclaredBy).HasMaxLength(300);
        builder.Property(incident => incident.ResolvedBy).HasMaxLength(300);
        builder.Property(incident => incident.Services).HasConversion(
            new ValueConverter<IReadOnlyList<string>, string>(value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web), text => JsonSerializer.Deserialize<string[]>(text, JsonSerializerOptions.Web)!),
            new ValueComparer<IReadOnlyList<string>>((one, other) => ReferenceEquals(one, other), value => 0, value => value)); // never changed once written
        builder.HasMany(incident => incident.Timeline).WithOne().HasForeignKey(Number).IsRequired();
        builder.Navigation(incident => incident.Timeline).UsePropertyAccessMode(PropertyAccessMode.Field);
        builder.HasIndex(incident => new { incident.ResolvedAt, incident.Severity });
    }

    public void Configure(EntityTypeBuilder<IncidentNote> builder)
    {
        builder.ToTable("incident_notes");
        builder.HasKey(note => note.Id);
        builder.Property(note => note.Id).ValueGeneratedNever();
        builder.Property(note => note.Type).HasConversion<string>().HasMaxLength(16);
        builder.Property(note => note.By).HasMaxLength(300);
        builder.Property(note => note.Text).HasMaxLength(IncidentNote.LongestText);
    }
}
