using System.Threading.Channels;
using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>What one process has of a <see cref="LogMemory"/>. Keeps the contract of a store that several processes write to.</summary>
internal sealed class MemoryAuditStore : IAuditStore
{
    private readonly LogMemory _memory;
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _hasTurn;

    public MemoryAuditStore(LogMemory memory)
    {
        _memory = memory;
        memory.Appended += Hear;
    }

    /// <summary>Called before each step into the database and after it, for tests that let others come between, or have the step fail.</summary>
    public Func<string, Task> Step { get; set; } = static _ => Task.CompletedTask;

    /// <summary>False: no news of others come.</summary>
    public bool Hears { get; set; } = true;

    public Task<StoredLog> OpenAsync(string key, CancellationToken cancellationToken) => DoAsync("open", () =>
        _memory.Claim(key) == key ? _memory.Read() : throw new AuditUnavailableException("the audit log goes under another key"));

    public async Task AppendAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        var hadTurn = _hasTurn;
        _hasTurn = false;
        if (!hadTurn)
        {
            await Step("append");
            await _memory.Turn.WaitAsync(cancellationToken);
        }

        try
        {
            await Step("append in turn");
            _memory.Append(batch, this);
        }
        finally
        {
            _memory.Turn.Release();
        }

        await Step("appended");
    }

    public async Task<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await Step("turn");
        await _memory.Turn.WaitAsync(cancellationToken);
        _hasTurn = true;
        return new Turn(this);
    }

    public Task<LogHead> ReadHeadAsync(CancellationToken cancellationToken) => DoAsync("head", () => _memory.Head);

    public async Task WaitForOthersAsync(CancellationToken cancellationToken) => await _news.Reader.ReadAsync(cancellationToken);

    public Task<IReadOnlyList<string>> InspectAsync(CancellationToken cancellationToken) => DoAsync<IReadOnlyList<string>>("inspect", static () => []);

    public Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyDictionary<Guid, long>>("find", () => _memory.Find(events));

    public async Task<StoredCheckpoint> SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await Step("checkpoint");
        await _memory.Turn.WaitAsync(cancellationToken);
        try
        {
            return _memory.Save(checkpoint);
        }
        finally
        {
            _memory.Turn.Release();
        }
    }

    public Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken) =>
        DoAsync("checkpoints", () => _memory.Checkpoints.LastOrDefault(checkpoint => checkpoint.Size <= size));

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken) => DoAsync<IReadOnlyList<StoredEntry>>(
        "entries", () => _memory.Look(() => _memory.Entries.Where(entry => entry.Index >= Math.Max(from, _memory.Head.PrunedTo) && entry.Index < end).Take(limit).ToList()));

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken) => DoAsync<IReadOnlyList<StoredEntry>>(
        "entries", () => [.. _memory.Entries.Where(entry => indices.Contains(entry.Index)).Reverse()]);

    public Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken) => DoAsync("tile", () => _memory.Tile(level, index));

    public Task<Posting?> ReadPostingAsync(long segment, long term, CancellationToken cancellationToken) => DoAsync("posting", () => _memory.Posting(segment, term));

    public Task ProbeAsync(CancellationToken cancellationToken) => Step("probe");

    public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => DoAsync("prune", () =>
    {
        _memory.Prune(end, this);
        return true;
    });

    public ValueTask DisposeAsync()
    {
        _memory.Appended -= Hear;
        return ValueTask.CompletedTask;
    }

    private void Hear(object who)
    {
        if (Hears && who != this)
        {
            _news.Writer.TryWrite(true);
        }
    }

    private async Task<T> DoAsync<T>(string step, Func<T> act)
    {
        await Step(step);
        return act();
    }

    private sealed class Turn(MemoryAuditStore store) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            if (store._hasTurn)
            {
                store._hasTurn = false;
                store._memory.Turn.Release();
            }

            return ValueTask.CompletedTask;
        }
    }
}
