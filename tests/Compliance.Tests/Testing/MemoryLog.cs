using System.Runtime.CompilerServices;
using System.Text;
using Compliance.Audit.Entries;
using Compliance.Audit.Notes;
using Compliance.Audit.Personal;
using Compliance.Audit.Searching;
using Compliance.Retention;

namespace Compliance.Audit.Testing;

/// <summary>
/// A whole log in memory, to be appended to and read: real entries, a real tree, real checkpoints, and no store. For tests of whatever shows the
/// log; linked into their projects (<c>Compile Include="..\Compliance.Tests\Testing\MemoryLog.cs"</c>).
/// </summary>
internal sealed class MemoryLog : IAuditLog, IAuditReader, IPrunableLog
{
    private const string Origin = "log.test";
    private const string Placeholder = "0000-00-00T00:00:00.000Z";
    private const int TileWidth = 256;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly AuditEntryWriter _writer = new(Origin);
    private readonly List<(Guid Id, byte[] Bytes, TreeHash Leaf)> _entries = [];
    private readonly MerkleTree _tree = new();
    private readonly List<(Func<AuditEntryRecord, bool> Wanted, TaskCompletionSource Found)> _awaited = [];
    private string? _checkpoint;

    public MemoryLog(TimeProvider time) => _time = time;

    /// <summary>Key of the log.</summary>
    public NoteSigner Signer { get; } = NoteSigner.Generate(Origin);

    /// <summary>Why it takes nothing; null while it does.</summary>
    public string? Away { get; set; }

    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Keeps the personal data of what is appended; null to drop them.</summary>
    public IPersonalKeeper? Personal { get; set; }

    /// <summary>What is not as it was recorded.</summary>
    public IReadOnlyList<string> Findings { get; set; } = [];

    public long PrunedTo { get; private set; }

    public long SignedSize => _checkpoint is null ? 0 : Checkpoint.Parse(SignedNote.Parse(_checkpoint).Text).Size;

    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(Findings);

    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken)
    {
        PrunedTo = end;
        return Task.CompletedTask;
    }

    /// <summary>What was recorded, in order.</summary>
    public IReadOnlyList<AuditEntryRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(entry => AuditEntryReader.Read(entry.Bytes))];
            }
        }
    }

    public Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Away is { } why)
        {
            throw new AuditUnavailableException(why);
        }

        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<AuditReceipt>>([.. events.Select(Take)]);
        }
    }

    /// <summary>Appends one event.</summary>
    public async Task<long> RecordAsync(AuditEvent item) => (await AppendAsync([item], CancellationToken.None))[0].Index;

    /// <summary>Completes when an entry that is wanted is there.</summary>
    public Task UntilAsync(Func<AuditEntryRecord, bool> wanted)
    {
        lock (_gate)
        {
            if (_entries.Exists(entry => wanted(AuditEntryReader.Read(entry.Bytes))))
            {
                return Task.CompletedTask;
            }

            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wanted, found));
            return found.Task;
        }
    }

    /// <summary>Signs what the log is now.</summary>
    public string Sign(params IEnumerable<Func<string, NoteSignature>> cosigners)
    {
        lock (_gate)
        {
            var note = new Checkpoint(Origin, _tree.Size, _tree.Root).Sign(Signer);
            return _checkpoint = cosigners.Aggregate(note, (signed, cosigner) => signed.With(cosigner(signed.Text))).ToString();
        }
    }

    /// <summary>Changes an entry past the log, as somebody might in its database.</summary>
    public void Tamper(long index, string bytes)
    {
        lock (_gate)
        {
            _entries[(int)index] = _entries[(int)index] with { Bytes = Encoding.UTF8.GetBytes(bytes) };
        }
    }

    public Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => Task.FromResult(_checkpoint);

    public async IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var index = Math.Max(from, PrunedTo); index < Math.Min(end, Size); index++)
        {
            await Task.CompletedTask;
            cancellationToken.ThrowIfCancellationRequested();
            yield return At(index);
        }
    }

    public Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<AuditEntry>>([.. Matching(query, before).Take(limit)]);
    }

    public Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken) => Task.FromResult(Matching(query, before: null).Take(bound).Count());

    public Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var span = 1L << (8 * level);
            var first = index * TileWidth;
            if ((first + width) * span > _entries.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), index, "the log does not reach that far");
            }

            return Task.FromResult<ReadOnlyMemory<byte>>(Enumerable.Range(0, width).SelectMany(i => RootOf((first + i) * span, span).Bytes.ToArray()).ToArray());
        }
    }

    private AuditReceipt Take(AuditEvent item)
    {
        var known = _entries.FindIndex(entry => entry.Id == item.Id);
        if (known >= 0)
        {
            return new(item.Id, known, _entries[known].Leaf, IsDuplicate: true);
        }

        var prepared = _writer.Prepare(item, 0, _time.GetUtcNow());
        Personal?.KeepAsync(prepared.Personal, CancellationToken.None).GetAwaiter().GetResult(); // it is in memory, too
        var stamp = _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(prepared.Bytes).Replace(Placeholder, stamp, StringComparison.Ordinal));
        var leaf = TreeHash.OfLeaf(bytes);
        _entries.Add((item.Id, bytes, leaf));
        _tree.Append(leaf);
        foreach (var waiting in _awaited.Where(waiting => waiting.Wanted(AuditEntryReader.Read(bytes))).ToList())
        {
            waiting.Found.TrySetResult();
            _awaited.Remove(waiting);
        }

        return new(item.Id, _entries.Count - 1, leaf, IsDuplicate: false);
    }

    private AuditEntry At(long index)
    {
        lock (_gate)
        {
            return new(index, _entries[(int)index].Bytes);
        }
    }

    private IEnumerable<AuditEntry> Matching(AuditQuery query, long? before)
    {
        for (var index = Math.Min(before ?? long.MaxValue, Size) - 1; index >= PrunedTo; index--)
        {
            if (At(index) is var entry && AuditEntryReader.TryRead(entry.Bytes) is { } record && QueryMatch.Fits(query, record))
            {
                yield return entry;
            }
        }
    }

    private TreeHash RootOf(long first, long count)
    {
        var tree = new MerkleTree();
        foreach (var entry in _entries.Skip((int)first).Take((int)count))
        {
            tree.Append(entry.Leaf);
        }

        return tree.Root;
    }
}
