using System.Globalization;
using System.Text;
using Compliance.Audit.Tiles;

namespace Compliance.Audit.Packages;

/// <summary>
/// Proves all entries of an export at once: their leaf hashes in order, and between them the hashes of the subtrees over what is left out. From these
/// lines alone follows the root that the checkpoint is signed over.
/// </summary>
internal sealed class RangeProofWriter(Stream stream, TiledTree tree)
{
    public const string Header = "dabbawala.dev/range-proof@v1";
    public const string LeafPrefix = "leaf ";
    public const string GapPrefix = "gap ";

    private long _next;

    public async Task BeginAsync(CancellationToken cancellationToken) => await LineAsync(Header, cancellationToken);

    /// <summary>The next entry of the export.</summary>
    public async Task AddAsync(long index, TreeHash leaf, CancellationToken cancellationToken)
    {
        await SkipAsync(index, cancellationToken);
        await LineAsync(LeafPrefix + Convert.ToBase64String(leaf.Bytes), cancellationToken);
        _next = index + 1;
    }

    public Task FinishAsync(CancellationToken cancellationToken) => SkipAsync(tree.Size, cancellationToken);

    private async Task SkipAsync(long end, CancellationToken cancellationToken)
    {
        if (end > _next)
        {
            await LineAsync(string.Create(CultureInfo.InvariantCulture, $"{GapPrefix}{end}"), cancellationToken);
            foreach (var hash in await tree.HashesOverAsync(_next, end, cancellationToken))
            {
                await LineAsync(Convert.ToBase64String(hash.Bytes), cancellationToken);
            }

            _next = end;
        }
    }

    private ValueTask LineAsync(string line, CancellationToken cancellationToken) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), cancellationToken);
}
