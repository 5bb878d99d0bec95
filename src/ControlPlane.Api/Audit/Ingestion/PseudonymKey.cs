using System.Security.Cryptography;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>The key of <see cref="Pseudonyms"/>, in the store: made at first need, the same for all replicas and for ever.</summary>
internal sealed class PseudonymKey(IDbContextFactory<ControlPlaneContext> contexts)
{
    private const int TheOnlyOne = 1;

    private volatile byte[]? _key;

    public async ValueTask<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Set<StoredKey>().SingleOrDefaultAsync(static stored => stored.Id == TheOnlyOne, cancellationToken) is { } stored)
        {
            return _key = stored.Key;
        }

        context.Add(new StoredKey { Id = TheOnlyOne, Key = RandomNumberGenerator.GetBytes(32) });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear(); // another process made it at the same time
        }

        return _key = (await context.Set<StoredKey>().SingleAsync(cancellationToken)).Key;
    }

    internal sealed class StoredKey
    {
        public required int Id { get; init; }

        public required byte[] Key { get; init; }
    }

    internal sealed class Table : IEntityTypeConfiguration<StoredKey>
    {
        public void Configure(EntityTypeBuilder<StoredKey> builder)
        {
            builder.ToTable("pseudonym_key");
            builder.HasKey(stored => stored.Id);
            builder.Property(stored => stored.Id).ValueGeneratedNever();
        }
    }
}
