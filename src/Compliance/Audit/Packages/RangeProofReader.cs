using System.Text;
using Compliance.Audit.Notes;
using Compliance.Audit.Tiles;

namespace Compliance.Audit.Packages;

/// <summary>Reads what <see cref="RangeProofWriter"/> wrote, and computes the root that follows from it.</summary>
internal sealed class RangeProofReader(Stream stream) : IDisposable
{
    private const int LongestLine = 128;

    private readonly BoundedLines _lines = new(stream, LongestLine);
    private readonly CompactRange _range = new();

    /// <summary>Leaves so far, those left out included.</summary>
    public long Size => _range.Size;

    /// <summary>The root, once all was read.</summary>
    public TreeHash Root => _range.Root;

    /// <summary>Size of the tree whose root is wanted besides.</summary>
    public long? Watched { get; set; }

    /// <summary>Root at the watched size; null when no entry or gap ends there.</summary>
    public TreeHash? WatchedRoot { get; private set; }

    /// <summary>Index and hash of the next entry of the export; null after the last.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public async ValueTask<(long Index, TreeHash Leaf)?> NextAsync(CancellationToken cancellationToken)
    {
        if (_lines.Read == 0 && await LineAsync(cancellationToken) != RangeProofWriter.Header)
        {
            throw new FormatException($"{PackageLayout.Proof} does not begin with {RangeProofWriter.Header}");
        }

        while (await LineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(RangeProofWriter.LeafPrefix, StringComparison.Ordinal))
            {
                var leaf = Hash(line[RangeProofWriter.LeafPrefix.Length..]);
                _range.Append(leaf);
                Look();
                return (_range.Size - 1, leaf);
            }

            await SkipAsync(line, cancellationToken);
        }

        return null;
    }

    public void Dispose() => _lines.Dispose();

    private async Task SkipAsync(string line, CancellationToken cancellationToken)
    {
        if (!line.StartsWith(RangeProofWriter.GapPrefix, StringComparison.Ordinal)
            || Checkpoint.ParseNumber(line[RangeProofWriter.GapPrefix.Length..]) is not { } end || end <= _range.Size)
        {
            throw new FormatException($"{PackageLayout.Proof} line {_lines.Read} is neither a leaf nor a gap");
        }

        var hashes = new TreeHash[_range.HashesUntil(end)];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Hash(await LineAsync(cancellationToken) ?? "");
        }

        _range.Skip(end, hashes);
        Look();
    }

    private void Look()
    {
        if (_range.Size == Watched)
        {
            WatchedRoot = _range.Root;
        }
    }

    private async ValueTask<string?> LineAsync(CancellationToken cancellationToken) =>
        await _lines.NextAsync(cancellationToken) is { } line ? Encoding.ASCII.GetString(line.Span) : null;

    private TreeHash Hash(string text) => StrictBase64.Decode(text) is { Length: TreeHash.Size } bytes
        ? new TreeHash(bytes)
        : throw new FormatException($"{PackageLayout.Proof} line {_lines.Read} is not a hash in base64");
}
