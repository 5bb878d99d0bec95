namespace Compliance.Audit.Packages;

/// <summary>Reads the lines of a package with their places in the log.</summary>
internal sealed class PackageRows : IDisposable
{
    private readonly Stream _entries;
    private readonly Stream _proof;
    private readonly BoundedLines _lines;
    private readonly RangeProofReader _leaves;

    private PackageRows(Stream entries, Stream proof)
    {
        (_entries, _proof) = (entries, proof);
        (_lines, _leaves) = (new BoundedLines(entries, AuditLimits.EntryBytes), new RangeProofReader(proof));
    }

    /// <summary>Root that follows from the proof, once all was read.</summary>
    public TreeHash Root => _leaves.Root;

    /// <summary>Leaves of the tree that the proof is of.</summary>
    public long Size => _leaves.Size;

    /// <summary>Root at the watched size; null when it did not follow from what was read.</summary>
    public TreeHash? WatchedRoot => _leaves.WatchedRoot;

    /// <exception cref="FormatException">A file is missing.</exception>
    public static PackageRows Open(PackageFiles files)
    {
        var entries = files.TryOpen(PackageLayout.Entries) ?? throw new FormatException($"{PackageLayout.Entries} is missing");
        return new PackageRows(entries, files.TryOpen(PackageLayout.Proof) ?? throw new FormatException($"{PackageLayout.Proof} is missing"));
    }

    /// <summary>Asks for the root at a size, besides the last.</summary>
    public void Watch(long? size) => _leaves.Watched = size;

    /// <summary>The next entry; null after the last.</summary>
    /// <exception cref="PackageRowException">An entry is missing, or is too many.</exception>
    public async ValueTask<PackageRow?> NextAsync(CancellationToken cancellationToken)
    {
        var leaf = await _leaves.NextAsync(cancellationToken);
        var line = await LineAsync(leaf?.Index ?? _leaves.Size, cancellationToken);
        return (leaf, line) switch
        {
            (null, null) => null,
            (null, { }) => throw new PackageRowException(_leaves.Size, $"line {_lines.Read} of {PackageLayout.Entries} is an entry that no proof speaks of"),
            ({ } missing, null) => throw new PackageRowException(missing.Index, $"{PackageLayout.Entries} ends before this entry"),
            ({ } proved, { } bytes) => new PackageRow(proved.Index, _lines.Read, bytes, proved.Leaf),
        };
    }

    public void Dispose()
    {
        _lines.Dispose();
        _leaves.Dispose();
        _entries.Dispose();
        _proof.Dispose();
    }

    private async ValueTask<ReadOnlyMemory<byte>?> LineAsync(long index, CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.NextAsync(cancellationToken);
        }
        catch (FormatException malformed)
        {
            throw new PackageRowException(index, $"{PackageLayout.Entries}: {malformed.Message}");
        }
    }
}

/// <summary>An entry of a package; its bytes are good until the next one is read.</summary>
/// <param name="Index">Its place in the log.</param>
/// <param name="Line">Its place in the file, from 1.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Leaf">Hash that the tree has at this place; whether it is that of the bytes is for a verifier to see.</param>
internal sealed record PackageRow(long Index, long Line, ReadOnlyMemory<byte> Bytes, TreeHash Leaf)
{
    /// <exception cref="PackageRowException">The bytes are not those that were recorded here.</exception>
    public void RequireRecorded()
    {
        if (TreeHash.OfLeaf(Bytes.Span) != Leaf)
        {
            throw new PackageRowException(
                Index, $"line {Line} of {PackageLayout.Entries} does not have the hash that the tree has at this index: it was changed, moved, added or its neighbour removed");
        }
    }
}

/// <summary>An entry of a package that is not what it should be.</summary>
internal sealed class PackageRowException(long index, string message) : Exception(message)
{
    public long Index { get; } = index;
}
