using System.Threading.Channels;
using Compliance.Audit.Entries;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>
/// Compares the tables with the entries, behind the check of the entries and beside it: reading a spreadsheet takes longer than hashing. What it finds is
/// of an earlier entry than anything that is found in front of it.
/// </summary>
internal sealed class TablesCheck : IAsyncDisposable
{
    private const int Ahead = 4096;

    private readonly Channel<(long Index, AuditEntryRecord? Entry, TreeHash Leaf)> _rows =
        Channel.CreateBounded<(long Index, AuditEntryRecord? Entry, TreeHash Leaf)>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });

    private readonly CsvCheck _csv;
    private readonly XlsxCheck _xlsx;
    private readonly Task _comparing;

    private TablesCheck(CsvCheck csv, XlsxCheck xlsx, CancellationToken cancellationToken)
    {
        (_csv, _xlsx) = (csv, xlsx);
        _comparing = CompareAsync(cancellationToken);
    }

    /// <exception cref="InvalidDataException">The spreadsheet is no zip file.</exception>
    public static async Task<TablesCheck> OpenAsync(PackageFiles files, CancellationToken cancellationToken) =>
        new(CsvCheck.Open(files), await XlsxCheck.OpenAsync(files, cancellationToken), cancellationToken);

    /// <summary>The next entry.</summary>
    /// <exception cref="PackageRowException">A table says something else than an entry up to this one.</exception>
    public async ValueTask ExpectAsync(long index, AuditEntryRecord? entry, TreeHash leaf, CancellationToken cancellationToken)
    {
        try
        {
            await _rows.Writer.WriteAsync((index, entry, leaf), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            await _comparing; // it has ended before, and says why
            throw;
        }
    }

    /// <summary>Waits until all entries that were told are compared.</summary>
    /// <exception cref="PackageRowException">A table says something else than one of them.</exception>
    public async Task CatchUpAsync()
    {
        _rows.Writer.TryComplete();
        await _comparing;
    }

    public async Task FinishAsync(Findings findings, CancellationToken cancellationToken)
    {
        await CatchUpAsync();
        await _csv.FinishAsync(findings, cancellationToken);
        _xlsx.Finish(findings);
    }

    public async ValueTask DisposeAsync()
    {
        _rows.Writer.TryComplete();
        await _comparing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default); // whoever waited for it has heard
        await _csv.DisposeAsync();
        await _xlsx.DisposeAsync();
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await foreach (var (index, entry, leaf) in _rows.Reader.ReadAllAsync(cancellationToken))
            {
                var cells = ExportRow.Of(index, entry, leaf);
                await _csv.ExpectAsync(index, CsvTable.Row(cells), cancellationToken);
                _xlsx.Expect(index, cells);
            }
        }
        finally
        {
            _rows.Writer.TryComplete(); // nobody must wait for room any more
        }
    }
}
