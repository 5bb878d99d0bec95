using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Notes;
using Compliance.Audit.Searching;

namespace Compliance.Tests.Audit;

/// <summary>A log in memory that serves its tiles as the real one does, and can be made to lie.</summary>
public sealed class MemoryLog : IAuditReader
{
    public const string Origin = "audit.example/log";

    // A key for tests alone, fixed so that exports can be compared byte for byte.
    public static readonly NoteSigner Key = NoteSigner.Generate(Origin);

    private readonly List<byte[]> _entries = [];
    private readonly MerkleTree _tree = new();

    public long Size => _entries.Count;

    public TreeHash Root => _tree.Root;

    public MerkleTree Tree => _tree;

    public string? Checkpoint { get; set; }

    /// <summary>Entries before this index are not there any more.</summary>
    public long PrunedTo { get; set; }

    /// <summary>Entries of a well-kept log: one a second, numbered by their source.</summary>
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

    public static string Entry(int i, string reason = "routine", string? source = null) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"action":"{{(i % 3 == 0 ? "manifests.apply" : "session.start")}}","actor":{"id":"u-{{i % 7}}","kind":"person","via":"console"},"eventId":"01936d00-0000-7000-8000-{{i:x12}}","frameworks":["RBI"],"istOffset":"+05:30","log":"audit.example/log","occurredAt":"{{At(i)}}","outcome":"succeeded","reason":"{{reason}}","recordedAt":"{{At(i)}}","retentionClass":"governance","schema":1,"source":"{{source ?? "console"}}","sourceSequence":{{i + 1}}}""");

    public void Add(string entry)
    {
        var bytes = Encoding.UTF8.GetBytes(entry);
        _entries.Add(bytes);
        _tree.Append(TreeHash.OfLeaf(bytes));
    }

    public string Sign(NoteSigner? key = null) => Checkpoint = SignAt(Size, key);

    public string SignAt(long size, NoteSigner? key = null) => new Checkpoint(Origin, size, _tree.RootAt(size)).Sign(key ?? Key).ToString();

    public byte[] Bytes(int index) => _entries[index];

    public Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => Task.FromResult(Checkpoint);

    public async IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = Math.Max(from, PrunedTo); i < end; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new AuditEntry(i, _entries[(int)i]);
        }
    }

    public Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditEntry>>(
    [
        .. Enumerable.Range(0, (int)(before ?? Size)).Reverse().Select(i => new AuditEntry(i, _entries[i]))
            .Where(entry => QueryMatch.Fits(query, AuditEntryReader.Read(entry.Bytes))).Take(limit),
    ]);

    public Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken)
    {
        var span = 1L << (8 * level);
        var hashes = Enumerable.Range(0, width).SelectMany(i => SubtreeRoot(((index * 256) + i) * span, span).Bytes.ToArray()).ToArray();
        return Task.FromResult<ReadOnlyMemory<byte>>(hashes);
    }

    /// <summary>Root over leaves, computed anew from the leaves alone.</summary>
    private TreeHash SubtreeRoot(long start, long width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + width, Size);
        if (width == 1)
        {
            return TreeHash.OfLeaf(_entries[(int)start]);
        }

        return TreeHash.OfNode(SubtreeRoot(start, width / 2), SubtreeRoot(start + (width / 2), width / 2));
    }

    private static string At(int second) =>
        new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero).AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
