using System.Xml.Linq;
using ControlPlane.Api.Store;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Access.Keys;

/// <summary>A key by which antiforgery tokens and the state of a single sign-on are protected.</summary>
internal sealed class ProtectionKey
{
    public required string Name { get; init; }

    public required string Xml { get; init; }
}

internal sealed class ProtectionKeyConfiguration : IEntityTypeConfiguration<ProtectionKey>
{
    public void Configure(EntityTypeBuilder<ProtectionKey> builder)
    {
        builder.ToTable("protection_keys");
        builder.HasKey(key => key.Name);
    }
}

/// <summary>Keeps these keys in the store, so that they outlive a restart and all replicas have the same. Sessions don't depend on them.</summary>
internal sealed class KeyRing(IDbContextFactory<ControlPlaneContext> store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var context = store.CreateDbContext();
        return [.. context.Set<ProtectionKey>().AsNoTracking().AsEnumerable().Select(key => XElement.Parse(key.Xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var context = store.CreateDbContext();
        context.Add(new ProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        context.SaveChanges();
    }
}
