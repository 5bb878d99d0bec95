using System.Buffers;
using System.Security.Cryptography;

namespace Compliance.Audit;

/// <summary>
/// A SHA-256 hash of a Merkle tree. Leaves and nodes are hashed with different first bytes, so that nobody can pass one off as the other
/// (RFC 9162 section 2.1.1).
/// </summary>
public readonly struct TreeHash : IEquatable<TreeHash>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    private const int OnStack = 1024;

    private readonly byte[]? _bytes;

    /// <summary>Takes a hash as it was stored or sent.</summary>
    /// <exception cref="ArgumentException">It is not 32 bytes long.</exception>
    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"a hash has {Size} bytes, not {bytes.Length}", nameof(bytes));
        }

        _bytes = bytes.ToArray();
    }

    private TreeHash(byte[] computed) => _bytes = computed;

    /// <summary>Root of the tree without leaves: the hash of nothing.</summary>
    public static TreeHash Empty { get; } = new(SHA256.HashData([]));

    /// <summary>The hash.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Hash of a leaf: of the entry's exact bytes.</summary>
    public static TreeHash OfLeaf(ReadOnlySpan<byte> entry) => Hash(LeafPrefix, entry, []);

    /// <summary>Hash of a node over its two subtrees.</summary>
    public static TreeHash OfNode(TreeHash left, TreeHash right) => Hash(NodePrefix, left.Bytes, right.Bytes);

    /// <inheritdoc/>
    public bool Equals(TreeHash other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreeHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes is null ? 0 : BitConverter.ToInt32(_bytes);

    /// <summary>Lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    /// <summary>Equality.</summary>
    public static bool operator ==(TreeHash left, TreeHash right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(TreeHash left, TreeHash right) => !left.Equals(right);

    private static TreeHash Hash(byte prefix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = 1 + first.Length + second.Length;
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var input = rented is null ? stackalloc byte[OnStack] : rented;
        input[0] = prefix;
        first.CopyTo(input[1..]);
        second.CopyTo(input[(1 + first.Length)..]);
        var hash = new TreeHash(SHA256.HashData(input[..length]));
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }
}
