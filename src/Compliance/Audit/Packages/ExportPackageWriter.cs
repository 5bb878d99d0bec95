using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Compliance.Audit.Notes;
using Compliance.Audit.Tiles;

namespace Compliance.Audit.Packages;

/// <summary>
/// Exports entries as a package that an auditor verifies without us (BagIt, RFC 8493): see <c>docs/operations/auditor.md</c>. Memory does not grow with
/// the rows.
/// </summary>
public static class ExportPackageWriter
{
    private const int ProgressEvery = 1000;
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>
    /// Writes the package into a folder of its own. Broken off and called again with the same request, it keeps the files that are whole and goes on
    /// with the same checkpoint; a folder with anything else in it is emptied.
    /// </summary>
    /// <param name="request">What is exported.</param>
    /// <param name="reader">Reads the log.</param>
    /// <param name="keys">Signs the package, and names the witnesses.</param>
    /// <param name="folder">Where to; made when it is not there.</param>
    /// <param name="progress">Told about every thousand rows.</param>
    /// <param name="cancellationToken">Ends it; what is whole stays for the next time.</param>
    /// <exception cref="NoteException">A checkpoint is not this log's, or there is none yet.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not one of the checkpoint's.</exception>
    public static async Task<ExportSummary> WriteAsync(
        ExportRequest request, IAuditReader reader, ExportKeys keys, string folder, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(reader);
        var pinned = await ExportState.TakeUpAsync(folder, request, reader, cancellationToken);
        var note = SignedNote.Parse(pinned);
        var checkpoint = Checkpoint.Open(note, keys.Log.Verifier);
        var end = request.End ?? checkpoint.Size;
        ArgumentOutOfRangeException.ThrowIfNegative(request.From);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.From, end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, checkpoint.Size);

        var tree = new TiledTree(reader, checkpoint.Size);
        if (!PackageFile.Exists(folder, PackageLayout.Query))
        {
            await WriteEntriesAsync(request, reader, tree, checkpoint, end, folder, progress, cancellationToken);
        }

        var description = PackageDescription.Read(await File.ReadAllBytesAsync(PackageFile.At(folder, PackageLayout.Query), cancellationToken));
        await WriteTablesAsync(description, folder, progress, cancellationToken);
        await WriteProvenanceAsync(request, keys, note, tree, folder, cancellationToken);
        var summary = await PackageSeal.CloseAsync(request, description, keys.Log, folder, cancellationToken);
        ExportState.Forget(folder);
        return summary;
    }

    /// <summary>The evidence: exact bytes and their proof. That <c>query.json</c> is there says that both are whole.</summary>
    private static async Task WriteEntriesAsync(
        ExportRequest request, IAuditReader reader, TiledTree tree, Checkpoint checkpoint, long end, string folder, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(PackageFile.At(folder, PackageLayout.Payload));
        var (count, first, last) = (0L, default(long?), default(long?));
        await using (var lines = PackageFile.Create(PackageFile.At(folder, PackageLayout.Entries)))
        await using (var proofFile = PackageFile.Create(PackageFile.At(folder, PackageLayout.Proof)))
        {
            var proof = new RangeProofWriter(proofFile, tree);
            await proof.BeginAsync(cancellationToken);
            await foreach (var entry in EntrySelection.ReadAsync(reader, request.Query, request.From, end, cancellationToken))
            {
                await lines.WriteAsync(entry.Bytes, cancellationToken);
                await lines.WriteAsync(NewLine, cancellationToken);
                await proof.AddAsync(entry.Index, await tree.LeafAsync(entry.Index, cancellationToken), cancellationToken); // not of the bytes: so a verifier can name an entry that was changed
                (count, first, last) = (count + 1, first ?? entry.Index, entry.Index);
                Report(progress, PackageLayout.Entries, count, null);
            }

            await proof.FinishAsync(cancellationToken);
        }

        PackageFile.Finish(PackageFile.At(folder, PackageLayout.Entries));
        PackageFile.Finish(PackageFile.At(folder, PackageLayout.Proof));
        var description = new PackageDescription
        {
            Log = checkpoint.Origin,
            CheckpointSize = checkpoint.Size,
            Query = request.Query,
            From = request.From,
            End = end,
            Count = count,
            First = first,
            Last = last,
            IsContiguous = PackageDescription.HasOnlyTimes(request.Query),
            ExporterId = request.ExporterId,
            Purpose = request.Purpose,
            SoftwareVersion = request.SoftwareVersion,
        };
        await PackageFile.WriteAsync(folder, PackageLayout.Query, description.Write(), cancellationToken);
    }

    private static async Task WriteTablesAsync(PackageDescription description, string folder, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        if (!PackageFile.Exists(folder, PackageLayout.Csv))
        {
            await PackageFile.WriteAsync(folder, PackageLayout.Csv, csv => WriteCsvAsync(description, csv, folder, progress, cancellationToken), cancellationToken);
        }

        if (!PackageFile.Exists(folder, PackageLayout.Xlsx))
        {
            await PackageFile.WriteAsync(folder, PackageLayout.Xlsx, xlsx => WriteXlsxAsync(description, xlsx, folder, progress, cancellationToken), cancellationToken);
        }
    }

    private static async Task WriteCsvAsync(PackageDescription description, Stream csv, string folder, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        await csv.WriteAsync(CsvTable.Header, cancellationToken);
        using var rows = PackageRows.Open(new PackageFolder(folder));
        for (var done = 1L; await rows.NextAsync(cancellationToken) is { } row; done++)
        {
            await csv.WriteAsync(CsvTable.Row(ExportRow.Of(row.Index, row.Bytes, row.Leaf)), cancellationToken);
            Report(progress, PackageLayout.Csv, done, description.Count);
        }
    }

    private static async Task WriteXlsxAsync(PackageDescription description, Stream xlsx, string folder, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        using var rows = PackageRows.Open(new PackageFolder(folder));
        using var book = new XlsxBook(xlsx);
        for (var done = 1L; await rows.NextAsync(cancellationToken) is { } row; done++)
        {
            book.Add(ExportRow.Of(row.Index, row.Bytes, row.Leaf));
            Report(progress, PackageLayout.Xlsx, done, description.Count);
        }

        book.Finish();
    }

    /// <summary>What the entries are proved with, and how they tie in with what the auditor had before.</summary>
    private static async Task WriteProvenanceAsync(
        ExportRequest request, ExportKeys keys, SignedNote note, TiledTree tree, string folder, CancellationToken cancellationToken)
    {
        await PackageFile.WriteAsync(folder, PackageLayout.Checkpoint, Encoding.UTF8.GetBytes(note.ToString()), cancellationToken);
        var vkeys = string.Concat(keys.Witnesses.Select(static key => $"{key}\n").Prepend($"{keys.Log.Verifier}\n"));
        await PackageFile.WriteAsync(folder, PackageLayout.Keys, Encoding.UTF8.GetBytes(vkeys), cancellationToken);
        if (request.OlderCheckpoint is { } older)
        {
            var earlier = Checkpoint.Open(SignedNote.Parse(older), keys.Log.Verifier);
            var proof = await tree.ProveConsistencyAsync(earlier.Size, cancellationToken);
            await PackageFile.WriteAsync(folder, PackageLayout.OlderCheckpoint, Encoding.UTF8.GetBytes(older), cancellationToken);
            await PackageFile.WriteAsync(folder, PackageLayout.Consistency, ConsistencyProof.Write(earlier.Size, proof), cancellationToken);
        }
    }

    private static void Report(IProgress<ExportProgress>? progress, string part, long rows, long? total)
    {
        if (rows % ProgressEvery == 0 || rows == total)
        {
            progress?.Report(new ExportProgress(part, rows, total));
        }
    }
}
