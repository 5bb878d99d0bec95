using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ControlPlane.Api.Access;
using ControlPlane.Api.Commands;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ControlPlane.Api.Approvals;

/// <summary>How requests are stored: what is asked by state, time and person is a column, all else is JSON.</summary>
internal sealed class ApprovalRequestTable : IEntityTypeConfiguration<ApprovalRequest>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public void Configure(EntityTypeBuilder<ApprovalRequest> builder)
    {
        builder.ToTable("approval_requests");
        builder.HasKey(request => request.Id);
        builder.Property(request => request.Id).ValueGeneratedNever();
        builder.Property(request => request.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(request => request.Version).IsConcurrencyToken();
        Keep<IReadOnlyList<CommandSubject>>(builder.Property(request => request.Subjects));
        Keep<JsonNode>(builder.Property(request => request.Change));
        Keep<CommandPlan>(builder.Property(request => request.Plan));
        Keep<Asker>(builder.Property(request => request.AskedBy));
        Keep<IReadOnlyList<IReadOnlyList<Role>>>(builder.Property(request => request.DecidedByRoles));
        builder.HasIndex(request => new { request.State, request.ExpiresAt });
    }

    /// <summary>As JSON; it never changes once it is stored, so it is never compared.</summary>
    private static void Keep<T>(PropertyBuilder<T> property)
        where T : class => property.HasConversion(
            new ValueConverter<T, string>(value => JsonSerializer.Serialize(value, Json), text => JsonSerializer.Deserialize<T>(text, Json)!),
            new ValueComparer<T>((one, other) => ReferenceEquals(one, other), value => 0, value => value));
}
