using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Compliance.Audit.Entries;
using Compliance.Audit.Notes;
using Compliance.Audit.Personal;
using Compliance.Audit.Searching;
using Compliance.Retention;

namespace Compliance.Audit.Testing;

/// <summary>
/// A whole log in memory, to be appended to and read: real entries, a real tree, real checkpoints, and no store; and it can be made to lie. For tests of
/// whatever shows the log; linked into their projects (<c>Compile Include="..\Compliance.Tests\Testing\MemoryLog.cs"</c>).
/// </summary>
internal sealed class MemoryLog(TimeProvider? time = null) : IAuditLog, IAuditReader, IPrunableLog
{
    public const string Origin = "audit.example/log";

    /// <summary>Key of all these logs, so that exports of two of them can be compared byte for byte.</summary>
    public static readonly NoteSigner Key = NoteSigner.Generate(Origin);

    private const string Placeholder = "0000-00-00T00:00:00.000Z";
    private const int TileWidth = 256;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly AuditEntryWriter _writer = new(Origin);
    private readonly List<byte[]> _entries = [];
    private readonly List<TreeHash> _leaves = [];
    private readonly Dictionary<Guid, int> _events = [];
    private readonly List<(Func<AuditEntryRecord, bool> Wanted, TaskCompletionSource Found)> _awaited = [];

    /// <summary>Key of the log.</summary>
    public NoteSigner Signer { get; } = Key;

    /// <summary>The tree, to be compared with.</summary>
    public MerkleTree Tree { get; } = new();

    /// <summary>The newest checkpoint.</summary>
    public string? Checkpoint { get; set; }

    /// <summary>Entries before this index are not there any more.</summary>
    public long PrunedTo { get; set; }

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

    public long SignedSize => Checkpoint is null ? 0 : Notes.Checkpoint.Parse(SignedNote.Parse(Checkpoint).Text).Size;

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
                return [.. _entries.Select(static entry => AuditEntryReader.Read(entry))];
            }
        }
    }

    /// <summary>A signed log of given entries; of a well-kept one without.</summary>
    public static MemoryLog Of(int count, Func<int, string>? entry = null)
    {
        var log = new MemoryLog();
        for (var i = 0; i < count; i++)
        {
            log.Add(entry is null ? Entry(i) : entry(i));
        }

        log.Sign();
        return log;
    }

    /// <summary>An entry of a well-kept log: one a second, numbered by its source.</summary>
    public static string Entry(int i, string reason = "routine", string? source = null) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"action":"{{(i % 3 == 0 ? "manifests.apply" : "session.start")}}","actor":{"id":"u-{{i % 7}}","kind":"person","via":"console"},"eventId":"01936d00-0000-7000-8000-{{i:x12}}","frameworks":["RBI"],"istOffset":"+05:30","log":"audit.example/log","occurredAt":"{{At(i)}}","outcome":"succeeded","reason":"{{reason}}","recordedAt":"{{At(i)}}","retentionClass":"governance","schema":1,"source":"{{source ?? "console"}}","sourceSequence":{{i + 1}}}""");

    /// <summary>Adds an entry as it is.</summary>
    public void Add(string entry)
    {
        lock (_gate)
        {
            Add(Encoding.UTF8.GetBytes(entry));
        }
    }

    public byte[] Bytes(int index) => _entries[index];

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
            if (_entries.Exists(entry => wanted(AuditEntryReader.Read(entry))))
            {
                return Task.CompletedTask;
            }

            var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wanted, found));
            return found.Task;
        }
    }

    /// <summary>Signs what the log is now, and has it cosigned.</summary>
    public string Sign(params IEnumerable<Func<string, NoteSignature>> cosigners) =>
        Checkpoint = cosigners.Aggregate(SignedNote.Parse(SignAt(Size)), static (signed, cosigner) => signed.With(cosigner(signed.Text))).ToString();

    /// <summary>A signed checkpoint of what the log was at a size.</summary>
    public string SignAt(long size, NoteSigner? key = null)
    {
        lock (_gate)
        {
            return new Checkpoint(Origin, size, Tree.RootAt(size)).Sign(key ?? Key).ToString();
        }
    }

    /// <summary>Changes an entry past the log, as somebody might in its database.</summary>
    public void Tamper(long index, string bytes)
    {
        lock (_gate)
        {
            _entries[(int)index] = Encoding.UTF8.GetBytes(bytes);
        }
    }

    public Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => Task.FromResult(Checkpoint);

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

            return Task.FromResult<ReadOnlyMemory<byte>>(Enumerable.Range(0, width).SelectMany(i => SubtreeRoot((first + i) * span, span).Bytes.ToArray()).ToArray());
        }
    }

    private AuditReceipt Take(AuditEvent item)
    {
        if (_events.TryGetValue(item.Id, out var known))
        {
            return new(item.Id, known, _leaves[known], IsDuplicate: true);
        }

        var prepared = _writer.Prepare(item, 0, _time.GetUtcNow());
        Personal?.KeepAsync(prepared.Personal, CancellationToken.None).GetAwaiter().GetResult(); // it is in memory, too
        var stamp = EntryTimeOf(_time.GetUtcNow());
        var leaf = Add(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(prepared.Bytes).Replace(Placeholder, stamp, StringComparison.Ordinal)));
        _events.Add(item.Id, _entries.Count - 1);
        foreach (var waiting in _awaited.Where(waiting => waiting.Wanted(AuditEntryReader.Read(_entries[^1]))).ToList())
        {
            waiting.Found.TrySetResult();
            _awaited.Remove(waiting);
        }

        return new(item.Id, _entries.Count - 1, leaf, IsDuplicate: false);
    }

    private TreeHash Add(byte[] entry)
    {
        var leaf = TreeHash.OfLeaf(entry);
        _entries.Add(entry);
        _leaves.Add(leaf);
        Tree.Append(leaf);
        return leaf;
    }

    private AuditEntry At(long index)
    {
        lock (_gate)
        {
            return new(index, _entries[(int)index]);
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

    /// <summary>Root over leaves, computed anew from the leaves alone.</summary>
    private TreeHash SubtreeRoot(long start, long width) => width == 1
        ? _leaves[(int)start]
        : TreeHash.OfNode(SubtreeRoot(start, width / 2), SubtreeRoot(start + (width / 2), width / 2));

    private static string At(int second) => EntryTimeOf(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero).AddSeconds(second));

    private static string EntryTimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
