using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>A log in memory that several <see cref="MemoryAuditStore"/> share, as processes share a database. It holds what they must not break.</summary>
internal sealed class LogMemory
{
    private readonly Lock _lock = new();
    private readonly List<StoredEntry> _entries = [];
    private readonly Dictionary<Guid, long> _events = [];
    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];
    private readonly Dictionary<(long Segment, long Term), Posting> _postings = [];
    private readonly Dictionary<string, SourceProgress> _sources = [];
    private readonly List<StoredCheckpoint> _checkpoints = [];
    private string? _key;
    private long _prunedTo;
    private (TreeHash Root, DateTimeOffset RecordedAt) _head = (TreeHash.Empty, DateTimeOffset.UnixEpoch);

    /// <summary>Told who appended or pruned.</summary>
    public event Action<object>? Appended;

    /// <summary>Whose turn it is to append.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>All of them, in the order in which they were stored.</summary>
    public IReadOnlyList<StoredCheckpoint> Checkpoints => Look(() => _checkpoints.ToList());

    public IReadOnlyList<StoredEntry> Entries => Look(() => _entries.ToList());

    public LogHead Head => Look(() => new LogHead(_entries.Count, _head.Root, _head.RecordedAt, _prunedTo, _checkpoints.LastOrDefault()));

    public IReadOnlyList<SourceProgress> Sources => Look(() => _sources.Values.ToList());

    public string Claim(string key) => Look(() => _key ??= key);

    public StoredLog Read() => Look(() => new StoredLog(Head, Sources));

    public T Look<T>(Func<T> look)
    {
        lock (_lock)
        {
            return look();
        }
    }

    /// <summary>As a database does it: all or nothing.</summary>
    public void Append(LogBatch batch, object who)
    {
        lock (_lock)
        {
            if (batch.First != _entries.Count)
            {
                throw new LogMovedOnException();
            }

            if (batch.Entries.Any(entry => _events.ContainsKey(entry.EventId)))
            {
                throw new DuplicateEventException();
            }

            foreach (var entry in batch.Entries)
            {
                _events.Add(entry.EventId, _entries.Count);
                _entries.Add(new StoredEntry(_entries.Count, entry.Bytes, entry.Leaf));
            }

            foreach (var tile in batch.Tiles)
            {
                _tiles.Add((tile.Level, tile.Index), tile.Hashes);
            }

            foreach (var posting in batch.Postings)
            {
                _postings.Add((posting.Segment, posting.Term), posting);
            }

            foreach (var source in batch.Sources)
            {
                _sources[source.Source] = source;
            }

            _head = (batch.Root, batch.RecordedAt);
        }

        Appended?.Invoke(who);
    }

    public StoredCheckpoint Save(StoredCheckpoint checkpoint) => Look(() =>
    {
        if (_checkpoints.Count == 0 || _checkpoints[^1].Size < checkpoint.Size)
        {
            _checkpoints.Add(checkpoint);
        }

        return _checkpoints[^1];
    });

    public Dictionary<Guid, long> Find(IEnumerable<Guid> events) => Look(() => events.Where(_events.ContainsKey).ToDictionary(static id => id, id => _events[id]));

    public byte[]? Tile(int level, long index) => Look(() => _tiles.GetValueOrDefault((level, index)));

    public Posting? Posting(long segment, long term) => Look(() => _postings.TryGetValue((segment, term), out var posting) ? posting : (Posting?)null);

    public void Prune(long end, object who)
    {
        Look(() => _prunedTo = Math.Max(_prunedTo, end));
        Appended?.Invoke(who);
    }

    /// <summary>As a standby that took over too early, or a backup, does.</summary>
    public void SetBack(int size, TreeHash root) => Look(() =>
    {
        _entries.RemoveRange(size, _entries.Count - size);
        _checkpoints.RemoveAll(checkpoint => checkpoint.Size > size);
        foreach (var (id, _) in _events.Where(pair => pair.Value >= size).ToList())
        {
            _events.Remove(id);
        }

        return _head = (root, _head.RecordedAt);
    });
}
