using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;

namespace LocalCluster.Storage;

/// <summary>
/// All objects of the cluster, with one revision that every change raises. Reads are served from an immutable snapshot; one loop commits
/// all writes, so that concurrent writes share a transaction and nothing is seen before it is durable.
/// </summary>
internal sealed class ObjectStore : IAsyncDisposable
{
    private const int LargestBatch = 512;
    private const int HistoryCapacity = 8192;

    private readonly IJournal _journal;
    private readonly ConcurrentDictionary<string, WatchHistory> _histories = new();
    private readonly Channel<PendingWrite> _pending =
        Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });

    private readonly long _startRevision;
    private readonly Task _commits;
    private ImmutableArray<IStoreObserver> _observers = [];
    private StoreSnapshot _current;
    private long _compacted;
    private long _nextCompaction;

    /// <summary>Loads what the journal holds and begins to accept writes.</summary>
    /// <exception cref="DamagedStoreException">The journal can't be read.</exception>
    public ObjectStore(IJournal journal)
    {
        _journal = journal;
        var content = journal.Load();

        // The revision after the last one: a watch from before the restart must see that its history is gone.
        _startRevision = _compacted = _nextCompaction = content.Revision + 1;
        _current = new StoreSnapshot(
            _startRevision,
            content.Objects.GroupBy(o => o.Resource, o => o.Object).ToImmutableDictionary(g => g.Key, g => TableSnapshot.Empty.Load(g)));
        _commits = CommitLoopAsync();
    }

    /// <summary>Everything as of the last commit.</summary>
    public StoreSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Adds an observer of all later changes. Only before the first write.</summary>
    public void Subscribe(IStoreObserver observer) => _observers = _observers.Add(observer);

    /// <summary>Commits a change if the expected version is still stored.</summary>
    public Task<StoreResult> WriteAsync(StoreWrite write) => EnqueueAsync(write);

    /// <summary>A position in the history of a resource, from which later changes can be read.</summary>
    /// <param name="resource">Resource to watch.</param>
    /// <param name="after">Last revision that the watcher knows.</param>
    /// <exception cref="RevisionExpiredException">That is too long ago.</exception>
    public WatchCursor Watch(string resource, long after)
    {
        CheckRemembered(after);
        return new(this, resource, History(resource), after);
    }

    /// <summary>The objects of a resource as they were at an earlier revision.</summary>
    /// <exception cref="RevisionExpiredException">That is too long ago.</exception>
    public TableSnapshot TableAt(string resource, long revision)
    {
        CheckRemembered(revision);
        var table = Current.Table(resource);
        return table.Without(History(resource).ReadAfter(revision, table.HistoryEnd));
    }

    /// <summary>
    /// Forgets the history up to the previous call, as etcd does every five minutes. Takes a revision of its own, so that a list from
    /// before it expires even when nothing else happens in the cluster.
    /// </summary>
    public async Task CompactAsync()
    {
        var boundary = _nextCompaction;
        await EnqueueAsync(write: null).ConfigureAwait(false);
        _nextCompaction = Current.Revision;
        Forget(boundary);
    }

    /// <summary>Forgets all history there is. Only before anybody can have seen it.</summary>
    public void Forget() => Forget(Current.Revision);

    /// <summary>Commits what was asked for, then closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _commits.ConfigureAwait(false);
        _journal.Dispose();
    }

    private void CheckRemembered(long revision)
    {
        var compacted = Volatile.Read(ref _compacted);
        if (revision < compacted)
        {
            throw new RevisionExpiredException(revision, compacted);
        }
    }

    private void Forget(long boundary)
    {
        Volatile.Write(ref _compacted, boundary);
        foreach (var history in _histories.Values)
        {
            history.Compact(boundary);
        }
    }

    private WatchHistory History(string resource) =>
        _histories.GetOrAdd(resource, static (_, start) => new WatchHistory(HistoryCapacity, start), _startRevision);

    private async Task<StoreResult> EnqueueAsync(StoreWrite? write)
    {
        var pending = new PendingWrite(write);
        await _pending.Writer.WriteAsync(pending).ConfigureAwait(false);
        return await pending.Completion.Task.ConfigureAwait(false);
    }

    private async Task CommitLoopAsync()
    {
        var batch = new List<PendingWrite>();
        while (await _pending.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < LargestBatch && _pending.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            CommitBatch(batch);
            batch.Clear();
        }
    }

    private void CommitBatch(List<PendingWrite> batch)
    {
        var commit = new StoreCommit(_current);
        try
        {
            foreach (var pending in batch)
            {
                pending.Result = commit.Stage(pending.Write);
            }

            _journal.Commit(commit.Changes, commit.Snapshot.Revision);
        }
        catch (Exception e)
        {
            // Nothing of the batch was published; the loop must live on for the writers to come.
            foreach (var pending in batch)
            {
                pending.Completion.SetException(e);
            }

            return;
        }

        Publish(commit);
        foreach (var pending in batch)
        {
            pending.Completion.SetResult(pending.Result);
        }
    }

    private void Publish(StoreCommit commit)
    {
        foreach (var (resource, change) in commit.Changes)
        {
            History(resource).Append(change);
        }

        // State and history become visible at once: watchers read the history up to where the current snapshot says.
        Volatile.Write(ref _current, commit.Snapshot);
        foreach (var (resource, change) in commit.Changes)
        {
            foreach (var observer in _observers)
            {
                observer.OnCommitted(resource, change);
            }
        }

        foreach (var resource in commit.Changes.Select(c => c.Resource).Distinct())
        {
            History(resource).Publish();
        }
    }

    private sealed class PendingWrite(StoreWrite? write)
    {
        public StoreWrite? Write { get; } = write;

        public StoreResult Result { get; set; } = new(true, null);

        public TaskCompletionSource<StoreResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
