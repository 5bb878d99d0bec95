using Compliance.Audit.Entries;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Searching;
using Compliance.Retention;

namespace Compliance.Audit.Verification;

/// <summary>
/// One walk over all entries: each has the hash that the proof names, the hashes lead to the signed root, none is missing where none may be, each is
/// what was asked for, and the tables say the same.
/// </summary>
internal sealed class EntriesCheck(PackageDescription description, Findings findings)
{
    private const string Check = "entries";
    private const int Longest = 1 << 20;
    private const int ProgressEvery = 1000;

    private readonly SourceWatch _sources = new(isFromStart: description.From == 0 && description.First is 0);
    private readonly TimeWatch _times = new();
    private long _certified;
    private long _count;
    private long? _first;
    private long? _last;

    /// <summary>Root at the watched size, if it followed from the entries.</summary>
    public static async Task<TreeHash?> RunAsync(
        PackageFiles files, Checkpoint? checkpoint, long? watchedSize, Findings findings, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        var description = PackageDescription.Read(
            await files.ReadAsync(PackageLayout.Query, Longest, cancellationToken) ?? throw new FormatException($"{PackageLayout.Query} is missing"));
        var check = new EntriesCheck(description, findings);
        using var rows = PackageRows.Open(files);
        rows.Watch(watchedSize);
        await using var csv = CsvCheck.Open(files);
        await using var xlsx = await XlsxCheck.OpenAsync(files, cancellationToken);
        while (await rows.NextAsync(cancellationToken) is { } row)
        {
            row.RequireRecorded();
            var entry = AuditEntryReader.TryRead(row.Bytes);
            check.Take(row, entry);
            var cells = ExportRow.Of(row.Index, entry, row.Leaf);
            await csv.ExpectAsync(row.Index, CsvTable.Row(cells), cancellationToken);
            xlsx.Expect(row.Index, cells);
            if (check._count % ProgressEvery == 0)
            {
                progress?.Report(new ExportProgress(PackageLayout.Entries, check._count, description.Count));
            }
        }

        check.JudgeProof(rows, checkpoint);
        check.JudgeCounts(checkpoint);
        await csv.FinishAsync(findings, cancellationToken);
        xlsx.Finish(findings);
        check.JudgeObservations();
        return rows.WatchedRoot;
    }

    private void Take(PackageRow row, AuditEntryRecord? entry)
    {
        if (description.IsContiguous && _last is { } last && row.Index != last + 1)
        {
            throw new PackageRowException(last + 1, $"entries {last + 1} to {row.Index - 1} are left out, though every entry of the period belongs in the package");
        }

        (_count, _first, _last) = (_count + 1, _first ?? row.Index, row.Index);
        if (entry is null)
        {
            findings.Note("content", "it is no JSON of an entry; its bytes are those of the tree", row.Index);
            return;
        }

        if (!QueryMatch.Fits(description.Query, entry))
        {
            throw new PackageRowException(row.Index, "it is not what the query in query.json asks for");
        }

        _certified = Math.Max(_certified, PruneCertificate.EndOf(entry) ?? 0);
        _sources.Take(row.Index, entry);
        _times.Take(row.Index, entry);
    }

    private void JudgeProof(PackageRows rows, Checkpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            findings.LeaveUnchecked(Check, "without a checkpoint that holds there is nothing to prove them against");
        }
        else if (rows.Size != checkpoint.Size || rows.Root != checkpoint.Root)
        {
            findings.Fail(Check, $"the hashes of {PackageLayout.Proof} lead to root {rows.Root} over {rows.Size} entries, not to the signed {checkpoint.Root} over {checkpoint.Size}: entries and their hashes were exchanged together");
        }
        else
        {
            findings.Pass(Check, $"{_count} entries, byte for byte, are in the signed tree at their places");
        }
    }

    private void JudgeCounts(Checkpoint? checkpoint)
    {
        if ((_count, _first, _last) != (description.Count, description.First, description.Last) || (checkpoint is not null && checkpoint.Size != description.CheckpointSize)
            || description.IsContiguous != PackageDescription.HasOnlyTimes(description.Query)
            || _first < description.From || _last >= description.End)
        {
            findings.Fail("completeness", $"query.json speaks of {description.Count} entries from {description.First} to {description.Last}, there are {_count} from {_first} to {_last}");
        }
        else if (!description.IsContiguous)
        {
            findings.Note("completeness", "the entries were filtered: that none was left out can't be seen from this package");
        }
        else if (description.Query == new AuditQuery() && _last is { } last && last != description.End - 1)
        {
            findings.Fail("completeness", $"the entries end before {description.End}", _last + 1);
        }
        else
        {
            findings.Pass("completeness", _count == 0 ? "no entries" : $"entries {_first} to {_last} without a gap");
            JudgeEnds();
        }
    }

    /// <summary>What a period leaves out before its first entry and after its last one.</summary>
    private void JudgeEnds()
    {
        if (description.Query != new AuditQuery())
        {
            return;
        }

        if (description.End < description.CheckpointSize)
        {
            findings.Note("completeness", $"entries {description.End} to {description.CheckpointSize - 1} of the checkpoint are not in the package: it was ordered without them");
        }

        var present = _first ?? description.End;
        if (present > description.From && present <= _certified)
        {
            findings.Note("completeness", $"entries {description.From} to {present - 1} were pruned after their retention, as a certificate among the entries says");
        }
        else if (present > description.From)
        {
            findings.LeaveUnchecked("completeness", $"entries {description.From} to {present - 1} are not in the package, and no prune certificate in it covers them: ask for a newer export that holds one");
        }
    }

    private void JudgeObservations()
    {
        if (description.IsContiguous)
        {
            _sources.Report(findings);
            _times.Report(findings);
        }
    }
}
