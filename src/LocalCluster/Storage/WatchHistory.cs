namespace LocalCluster.Storage;

/// <summary>
/// The recent changes of one resource. It is every watcher's buffer too: a watcher is only a position in it, so that slow watchers cost
/// nothing and are dropped when the history has passed them.
/// </summary>
/// <param name="capacity">Changes kept at most.</param>
/// <param name="startRevision">Revision at which recording began: earlier changes are unknown.</param>
internal sealed class WatchHistory(int capacity, long startRevision)
{
    private const int InitialSize = 16;

    private readonly Lock _gate = new();

    // A ring: change number n, counted from the first ever, is at n modulo the length.
    private WatchEvent?[] _ring = new WatchEvent?[Math.Min(InitialSize, capacity)];
    private long _first;
    private long _end;
    private long _floor = startRevision;
    private TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the next change is published. Ask for it before looking, so that nothing is missed.</summary>
    public Task Published => Volatile.Read(ref _published).Task;

    /// <summary>Records a change. Readers see it only once a snapshot that includes it is current.</summary>
    public void Append(WatchEvent change)
    {
        lock (_gate)
        {
            if (_end - _first == _ring.Length)
            {
                MakeRoom();
            }

            _ring[_end % _ring.Length] = change;
            _end++;
        }
    }

    /// <summary>Tells waiting watchers to look again.</summary>
    public void Publish() =>
        Interlocked.Exchange(ref _published, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Forgets what was committed at <paramref name="revision"/> or before.</summary>
    public void Compact(long revision)
    {
        lock (_gate)
        {
            while (_first < _end && _ring[_first % _ring.Length]!.Revision <= revision)
            {
                DropOldest();
            }
        }
    }

    /// <summary>Changes after <paramref name="revision"/> that stand before position <paramref name="end"/>, oldest first.</summary>
    /// <param name="revision">Last revision that the reader knows.</param>
    /// <param name="end">Position after the newest change that the reader may see.</param>
    /// <exception cref="RevisionExpiredException">Changes after that revision may have been forgotten.</exception>
    public IReadOnlyList<WatchEvent> ReadAfter(long revision, long end)
    {
        lock (_gate)
        {
            if (revision < _floor)
            {
                throw new RevisionExpiredException(revision, _floor);
            }

            var start = FirstAfter(revision);
            var changes = new List<WatchEvent>((int)Math.Max(0, end - start));
            for (var position = start; position < end; position++)
            {
                changes.Add(_ring[position % _ring.Length]!);
            }

            return changes;
        }
    }

    private long FirstAfter(long revision)
    {
        var (low, high) = (_first, _end);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (_ring[middle % _ring.Length]!.Revision <= revision)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void MakeRoom()
    {
        if (_ring.Length == capacity)
        {
            DropOldest();
            return;
        }

        var larger = new WatchEvent?[Math.Min(_ring.Length * 2, capacity)];
        for (var position = _first; position < _end; position++)
        {
            larger[position % larger.Length] = _ring[position % _ring.Length];
        }

        _ring = larger;
    }

    private void DropOldest()
    {
        ref var oldest = ref _ring[_first % _ring.Length];
        _floor = oldest!.Revision;
        oldest = null;
        _first++;
    }
}
