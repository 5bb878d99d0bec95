using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Compliance.Audit;

/// <summary>
/// A SHA-256 hash of a Merkle tree. Leaves and nodes are hashed with different first bytes, so that nobody can pass one off as the other
/// (RFC 9162 section 2.1.1).
/// </summary>
/// <remarks>32 bytes by value: a log makes two for each entry, and none of them is worth an object.</remarks>
public readonly struct TreeHash : IEquatable<TreeHash>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    private const int OnStack = 1024;

    private readonly Vector256<byte> _bytes;

    /// <summary>Takes a hash as it was stored or sent.</summary>
    /// <exception cref="ArgumentException">It is not 32 bytes long.</exception>
    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"a hash has {Size} bytes, not {bytes.Length}", nameof(bytes));
        }

        _bytes = Vector256.Create(bytes);
    }

    /// <summary>Root of the tree without leaves: the hash of nothing.</summary>
    public static TreeHash Empty { get; } = new(SHA256.HashData([]));

    /// <summary>The hash.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<Vector256<byte>>(in _bytes));

    /// <summary>Hash of a leaf: of the entry's exact bytes.</summary>
    public static TreeHash OfLeaf(ReadOnlySpan<byte> entry)
    {
        var rented = entry.Length >= OnStack ? ArrayPool<byte>.Shared.Rent(1 + entry.Length) : null;
        var input = (rented is null ? stackalloc byte[OnStack] : rented)[..(1 + entry.Length)];
        input[0] = LeafPrefix;
        entry.CopyTo(input[1..]);
        var hash = Of(input);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <summary>Hash of a node over its two subtrees.</summary>
    public static TreeHash OfNode(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Size)];
        input[0] = NodePrefix;
        left._bytes.CopyTo(input[1..]);
        right._bytes.CopyTo(input[(1 + Size)..]);
        return Of(input);
    }

    /// <inheritdoc/>
    public bool Equals(TreeHash other) => _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreeHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.AsInt32().ToScalar();

    /// <summary>Lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    /// <summary>Equality.</summary>
    public static bool operator ==(TreeHash left, TreeHash right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(TreeHash left, TreeHash right) => !left.Equals(right);

    private static TreeHash Of(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(input, hash);
        return new TreeHash(hash);
    }
}
